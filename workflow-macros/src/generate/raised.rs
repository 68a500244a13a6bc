//! The errors that tasks and machines raise, and the checks that hold what handles errors to them.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use workflow_syntax::model::{Kind, State, Workflow};
use workflow_syntax::parse::expression::{path_text, variant_of};
use workflow_syntax::parse::{ErrorName, ExpressionKind, Literal, Policy, Retrier};

use super::check::Check;
use super::definition::variant_name;
use super::{Generator, task_alias};

/// The errors that an execution can end with: those of its tasks and its Fail states.
pub(super) fn errors(workflow: &Workflow<'_>, generator: &Generator<'_>) -> TokenStream {
    let machines: Vec<usize> = (0..workflow.machines.len()).collect();
    let raised = Raised::of(generator, &machines);
    let (variants, others, open) = (raised.variants, raised.others, raised.open);
    quote! {
        variants: &[#(#variants),*],
        others: &[#(#others),*],
        open: #open,
    }
}

/// The error names that the states of some machines raise.
struct Raised {
    /// `ErrorVariant`s of Fail states.
    variants: Vec<TokenStream>,
    /// `ErrorNames` of tasks.
    others: Vec<TokenStream>,
    /// Whether an error name is only known when it is raised.
    open: bool,
}

impl Raised {
    /// The errors of machines, not counting machines inside them.
    fn of(generator: &Generator<'_>, machines: &[usize]) -> Self {
        let mut raised = Self { variants: Vec::new(), others: Vec::new(), open: false };
        let mut seen = Vec::new();
        for id in machines {
            for (position, state) in generator.workflow.machines[*id].states.iter().enumerate() {
                raised.state(generator, state, &task_alias(*id, position), &mut seen);
            }
        }
        raised
    }

    fn state(
        &mut self,
        generator: &Generator<'_>,
        state: &State<'_>,
        task: &Ident,
        seen: &mut Vec<(Option<String>, String, bool)>,
    ) {
        match &state.kind {
            Kind::Task { call: Some(call), .. } => {
                let integration = call.integration.as_ref().map(path_text);
                let text = (integration, path_text(&call.function), state.kind.awaits());
                // A workflow that calls itself raises what it raises.
                if !call.function.is_ident(&generator.workflow.source.name) && !seen.contains(&text)
                {
                    self.others.push(quote!(_definition_raised::<#task>()));
                    seen.push(text);
                }
            }
            Kind::Fail { error, .. } => match error.map(|error| &error.kind) {
                Some(ExpressionKind::Literal(Literal::Text(name))) => {
                    self.variants.push(quote!(_ErrorVariant { rust_name: "", error_name: #name }));
                }
                Some(ExpressionKind::Constant(path)) if variant_of(path).is_some() => {
                    let name = variant_of(path).map(|(ty, variant)| variant_name(&ty, &variant));
                    self.variants.push(quote!(_ErrorVariant { rust_name: "", error_name: #name }));
                }
                Some(_) => self.open = true,
                None => {}
            },
            _ => {}
        }
    }
}

impl Generator<'_> {
    /// Checks that every error name can be raised: of a state's own retriers and catchers against what it runs, of a named
    /// policy against all the states that use it.
    pub(crate) fn error_checks(&self) -> TokenStream {
        let mut checks = TokenStream::new();
        // AWS takes any name.
        if self.is_asl() {
            return checks;
        }
        for (machine, id, state) in self.states() {
            if state.retry.is_empty() && state.catch.is_empty() {
                continue;
            }
            let errors = self.raised_by(machine, id);
            let (name, raises) = (&state.name.text, what_raises(state));
            let raised =
                quote!(_check_Raises { state: #name, raises: #raises, errors: &[#(#errors),*] });
            let own = state.retry.iter().filter(|retrier| !self.is_of_a_policy(retrier));
            let retried = own.flat_map(|retrier| retrier.error_equals.iter().flatten());
            let caught =
                state.catch.iter().flat_map(|catcher| catcher.error_equals.into_iter().flatten());
            checks.extend(retried.chain(caught).map(|error| check_error(error, &raised)));
        }
        for policy in &self.workflow.source.policies {
            let users = self.users_of(policy);
            let errors: Vec<TokenStream> =
                users.flat_map(|(machine, id, _)| self.raised_by(machine, id)).collect();
            if errors.is_empty() {
                continue;
            }
            let raises = format!("what runs under `retry: {}`", policy.name);
            let raised =
                quote!(_check_Raises { state: "", raises: #raises, errors: &[#(#errors),*] });
            checks.extend(
                policy
                    .retriers
                    .iter()
                    .flat_map(|retrier| retrier.error_equals.iter().flatten())
                    .map(|error| check_error(error, &raised)),
            );
        }
        checks
    }

    /// A constant that nobody uses, for each retry policy that nobody uses: the compiler warns of it by its name, as of any other.
    pub(super) fn unused_policies(&self) -> TokenStream {
        let policies = self.workflow.source.policies.iter();
        let unused = policies.filter(|policy| self.users_of(policy).next().is_none());
        let constants = unused.map(|Policy { name, .. }| {
            // The compiler does not warn of what a macro has written, so all of it is said to stand where the name does.
            let constant = quote_spanned! {name.span()=>
                #[allow(non_upper_case_globals)]
                const #name: () = ();
            };
            quote!(const _: () = { #constant };)
        });
        constants.collect()
    }

    /// The states that a policy retries.
    fn users_of(&self, policy: &Policy) -> impl Iterator<Item = (usize, usize, &State<'_>)> {
        self.states()
            .filter(|(_, _, state)| state.retry.iter().any(|retrier| is_of(policy, retrier)))
    }

    fn is_of_a_policy(&self, retrier: &Retrier) -> bool {
        self.workflow.source.policies.iter().any(|policy| is_of(policy, retrier))
    }

    /// What the task of a state raises, or what the machines inside it raise.
    fn raised_by(&self, machine: usize, id: usize) -> Vec<TokenStream> {
        let state = &self.workflow.machines[machine].states[id];
        if let Kind::Task { .. } = &state.kind {
            let task = task_alias(machine, id);
            return vec![quote!(_definition_raised::<#task>())];
        }
        let mut machines = Vec::new();
        self.inner_machines(state, &mut machines);
        let Raised { variants, others, open } = Raised::of(self, &machines);
        vec![
            quote!(&_ErrorNames { name: "", variants: &[#(#variants),*], others: &[#(#others),*], open: #open }),
        ]
    }

    fn inner_machines(&self, state: &State<'_>, machines: &mut Vec<usize>) {
        for id in state.machines() {
            machines.push(*id);
            for state in &self.workflow.machines[*id].states {
                self.inner_machines(state, machines);
            }
        }
    }
}

fn what_raises(state: &State<'_>) -> String {
    match &state.kind {
        Kind::Task { call: Some(call), .. } => {
            format!("`{}`", path_text(&call.function))
        }
        _ => "what runs inside".to_owned(),
    }
}

fn check_error(error: &ErrorName, raised: &TokenStream) -> TokenStream {
    let check = match error {
        ErrorName::Text(text) => {
            let name = &text.value;
            Check::new("error_name", quote!(), quote!(#raised, #name))
        }
        ErrorName::Variant { ty, variant } => {
            let (text, name) = (path_text(ty), variant.to_string());
            let arguments = quote!(#raised, #text, _IsTaskError::<#ty>::NAMES, #name);
            Check::new("error_variant", TokenStream::new(), arguments)
        }
    };
    let check = check.at(error.span(), error.span());
    quote!(const _: () = #check;)
}

/// Whether a policy holds this very retrier.
fn is_of(policy: &Policy, retrier: &Retrier) -> bool {
    policy.retriers.iter().any(|own| std::ptr::eq(own, retrier))
}
