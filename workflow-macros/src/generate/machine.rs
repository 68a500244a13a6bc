//! A machine: its states as an enum, its variables, and the code that runs them.
//!
//! States are written as labelled blocks, one inside the other: control falls from state to state, `break` jumps forward
//! with the input of the state that it jumps to, and any state can be entered first. One block for all states is slow to
//! compile, so a machine of many states is cut into stretches, and a loop goes over them.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::Lifetime;

use super::lower::variable_field;
use super::{Generator, resources_text};
use crate::data::{data_check, ends};
use crate::generate::check::Check;
use workflow_syntax::graph;
use workflow_syntax::model::{Machine, Target};

/// How many states a stretch has at most.
const STRETCH: usize = 12;

/// The names of generated items.
pub(crate) mod names {
    use super::{Ident, format_ident};

    pub(crate) fn state(machine: usize) -> Ident {
        format_ident!("_State{machine}")
    }

    pub(crate) fn variables(machine: usize) -> Ident {
        format_ident!("_Variables{machine}")
    }

    pub(crate) fn start(machine: usize) -> Ident {
        format_ident!("_Start{machine}")
    }

    pub(crate) fn output(machine: usize) -> Ident {
        format_ident!("_Output{machine}")
    }

    pub(crate) fn states(machine: usize) -> Ident {
        format_ident!("_STATES{machine}")
    }

    pub(crate) fn variant(state: usize) -> Ident {
        format_ident!("S{state}")
    }

    pub(crate) fn variable(machine: usize, name: &str) -> Ident {
        format_ident!("_Variable{machine}_{name}")
    }

    pub(crate) fn stretch(machine: usize, stretch: usize) -> Ident {
        format_ident!("_stretch{machine}_{stretch}")
    }
}

/// How the states of a machine are laid out.
pub(crate) struct Layout {
    /// The stretches, each with its states in order.
    pub(crate) stretches: Vec<Vec<usize>>,
    /// Whether the machine is one stretch without a loop: it is one function then, which falls through to the end.
    pub(crate) straight: bool,
}

impl Layout {
    fn of(machine: &Machine<'_>) -> Self {
        let successors = |id: usize| machine.states[id].successors();
        let order = graph::topological(machine.start, successors);
        let place = |id: usize| order.iter().position(|other| *other == id);
        let loops = order
            .iter()
            .any(|id| successors(*id).into_iter().any(|next| place(next) <= place(*id)));
        let straight = order.len() <= STRETCH && !loops;
        Self { stretches: order.chunks(STRETCH).map(<[usize]>::to_vec).collect(), straight }
    }

    /// The code that goes to a state from another: forward in the same stretch, or out of it.
    pub(crate) fn jump(&self, machine: usize, from: usize, to: usize) -> TokenStream {
        let stretch = self.stretches.iter().find(|stretch| stretch.contains(&from));
        let place =
            |id: usize| stretch.and_then(|stretch| stretch.iter().position(|other| *other == id));
        if place(to).is_some() && place(to) > place(from) {
            let label = label(to);
            return quote!(break #label output;);
        }
        let (state, variant) = (names::state(machine), names::variant(to));
        quote!(return _Ok(_Step::Next(#state::#variant(output)));)
    }

    /// The code that ends the machine.
    pub(crate) fn end(&self) -> TokenStream {
        if self.straight {
            quote!(return _Ok(output);)
        } else {
            quote!(return _Ok(_Step::End(output));)
        }
    }
}

fn label(state: usize) -> Lifetime {
    Lifetime::new(&format!("'s{state}"), proc_macro2::Span::mixed_site())
}

impl Generator<'_> {
    /// The type that stands for a machine.
    pub(crate) fn machine_type(&self, id: usize) -> Ident {
        if id == 0 { self.workflow.source.name.clone() } else { format_ident!("_Machine{id}") }
    }

    pub(crate) fn machine(&mut self, id: usize) -> TokenStream {
        let machine = &self.workflow.machines[id];
        let layout = Layout::of(machine);
        let order: Vec<usize> = layout.stretches.iter().flatten().copied().collect();
        self.boundary_types(id);
        let bodies: Vec<(usize, TokenStream)> =
            order.iter().map(|state| (*state, self.state(id, *state, &layout))).collect();
        self.joined_types(id);
        let declaration = (id > 0).then(|| {
            let name = self.machine_type(id);
            quote!(struct #name;)
        });
        let states = state_enum(id, machine, &self.workflow.source.visibility);
        let variables = self.variables_type(id);
        let implementation = self.implementation(id, &layout, &bodies);
        quote!(#declaration #states #variables #implementation)
    }

    /// The aliases of what the machine starts and ends with, where they do not come from its states.
    fn boundary_types(&mut self, id: usize) {
        let machine = &self.workflow.machines[id];
        let (start, first) =
            (names::start(id), super::first_type(id, Target::State(machine.start)));
        self.items.declare(&first, &quote!(#start));
        if id == 0 {
            let source = self.workflow.source;
            let (given, result, output) = (&source.input, &source.output, names::output(0));
            let is_same = quote!(#given).to_string() == quote!(#result).to_string();
            let (given, result) =
                (sound_data(given), if is_same { quote!(#start) } else { sound_data(result) });
            self.items.declare(&start, &given);
            self.items.declare(&output, &result);
        } else if self.definers[id].end.is_none() {
            let first = super::first_type(id, Target::End);
            self.items.declare(&first, &quote!(_Json));
        }
    }

    /// The aliases of what every state receives, and of what the machine ends with. Where two transitions hand on different
    /// types, the alias is no type, so that nothing is said of what comes after.
    fn joined_types(&mut self, id: usize) {
        let mut targets: Vec<(Target, Ident)> = (0..self.workflow.machines[id].states.len())
            .map(|state| (Target::State(state), super::input_type(id, state)))
            .collect();
        if id > 0 {
            targets.push((Target::End, names::output(id)));
        }
        for (target, alias) in targets {
            let first = super::first_type(id, target);
            let joins = self.joins.remove(&(id, target)).unwrap_or_default();
            let gate = if self.is_asl() { quote!(_Joined) } else { quote!(_Sound) };
            let joined = joins
                .into_iter()
                .fold(quote!(#first), |ty, join| quote!(<#ty as #gate<#join>>::Type));
            self.items.declare(&alias, &quote!(#joined));
        }
    }

    fn variables_type(&self, id: usize) -> TokenStream {
        let name = names::variables(id);
        let scope = &self.variables.scopes[id];
        let all: Vec<&String> = scope.own.iter().chain(&scope.captured).collect();
        if all.is_empty() && !scope.reads_execution_input {
            return quote!(type #name = (););
        }
        let fields = all.iter().map(|variable| {
            let owner = self.variables.owner(self.workflow, id, variable).unwrap_or(id);
            let (field, ty) = (variable_field(variable), names::variable(owner, variable));
            quote!(pub #field: _Option<#ty>,)
        });
        let input =
            scope.reads_execution_input.then(|| quote!(pub execution_input: _Option<_Start0>,));
        let visibility = &self.workflow.source.visibility;
        quote! {
            #[derive(Clone, _serde::Serialize, _serde::Deserialize)]
            #[serde(crate = "_serde")]
            #visibility struct #name {
                #(#fields)*
                #input
            }
        }
    }

    /// The values that a machine's variables start with, taken from those of the machine around it.
    pub(crate) fn captured(&self, id: usize) -> TokenStream {
        let scope = &self.variables.scopes[id];
        let name = names::variables(id);
        if scope.own.is_empty() && scope.captured.is_empty() && !scope.reads_execution_input {
            return quote!(());
        }
        let own = scope.own.iter().map(|variable| variable_field(variable));
        let captured: Vec<Ident> =
            scope.captured.iter().map(|variable| variable_field(variable)).collect();
        let input = scope
            .reads_execution_input
            .then(|| quote!(execution_input: _clone(&variables.execution_input),));
        quote! {
            #name {
                #(#own: _None,)*
                #(#captured: _clone(&variables.#captured),)*
                #input
            }
        }
    }

    fn implementation(
        &self,
        id: usize,
        layout: &Layout,
        bodies: &[(usize, TokenStream)],
    ) -> TokenStream {
        let machine = &self.workflow.machines[id];
        let (ty, state, variables) =
            (self.machine_type(id), names::state(id), names::variables(id));
        let (start, output, described) =
            (names::start(id), names::output(id), self.describe_machine(id));
        let first = names::variant(machine.start);
        let resources = match &self.workflow.source.resources {
            Some(resources) => {
                let (text, (first, last)) = (resources_text(self.workflow), ends(resources));
                let arguments = quote!(#text, _IsShared::<#resources>::ANSWER);
                let kind =
                    Check::new("shared", TokenStream::new(), arguments).constant(first, last);
                quote!(<_Shared<#resources, #kind> as _Handed>::Resources)
            }
            None => quote!(_Nothing),
        };
        let source = self.workflow.source;
        let input_type = of_head(&source.input, "Input", &start);
        let output_type = of_head(&source.output, "Output", &output);
        let resources_type = match &source.resources {
            Some(ty) => of_head(ty, "Resources", &resources),
            None => quote!(type Resources = #resources;),
        };
        let default = self.default_variables(id);
        let (functions, run) = if layout.straight {
            (TokenStream::new(), {
                let blocks =
                    blocks(&layout.stretches[0], bodies, &state, &quote!(entry.into_state()), None);
                quote!(let engine = &engine; #blocks)
            })
        } else {
            self.stretches(id, layout, bodies, &resources)
        };
        quote! {
            #default
            #functions

            // What engines call, in types that nobody wrote: no page for a user.
            #[doc(hidden)]
            impl _Machine for #ty {
                #input_type
                #output_type
                #resources_type
                type State = #state;
                type Variables = #variables;

                const STATES: &'static _definition_StateMachine = &#described;

                #[inline]
                fn start(input: #start) -> #state {
                    #state::#first(input)
                }

                fn run<_E: _Engine, _S: _Entry<Self>>(
                    engine: _E,
                    resources: <Self::Resources as _Resources>::Ref<'_>,
                    mut variables: #variables,
                    entry: _S,
                ) -> impl _Future<Output = _Result<#output, _Failed>> + _Send {
                    async move { #run }
                }
            }
        }
    }

    /// `Default` for variables: a derive would ask it of their types.
    fn default_variables(&self, id: usize) -> Option<TokenStream> {
        let scope = &self.variables.scopes[id];
        let all: Vec<Ident> = scope
            .own
            .iter()
            .chain(&scope.captured)
            .map(|variable| variable_field(variable))
            .collect();
        if all.is_empty() && !scope.reads_execution_input {
            return None;
        }
        let name = names::variables(id);
        let input = scope.reads_execution_input.then(|| quote!(execution_input: _None,));
        Some(quote! {
            impl _Default for #name {
                fn default() -> Self {
                    Self { #(#all: _None,)* #input }
                }
            }
        })
    }

    /// A function for each stretch, and the loop over them.
    fn stretches(
        &self,
        id: usize,
        layout: &Layout,
        bodies: &[(usize, TokenStream)],
        resources: &TokenStream,
    ) -> (TokenStream, TokenStream) {
        let (state, variables, output) =
            (names::state(id), names::variables(id), names::output(id));
        let mut functions = TokenStream::new();
        let mut arms = TokenStream::new();
        for (position, stretch) in layout.stretches.iter().enumerate() {
            let name = names::stretch(id, position);
            let out = quote!(other => return _Ok(_Step::Next(other)),);
            let is_all = layout.stretches.len() == 1;
            let body = blocks(stretch, bodies, &state, &quote!(state), (!is_all).then_some(out));
            functions.extend(quote! {
                async fn #name<_E: _Engine>(
                    engine: &_E,
                    resources: <#resources as _Resources>::Ref<'_>,
                    variables: &mut #variables,
                    state: #state,
                ) -> _Result<_Step<#state, #output>, _Failed> {
                    #body
                }
            });
            let variants = stretch.iter().map(|state| names::variant(*state));
            arms.extend(quote! {
                #(#state::#variants(..))|* => #name::<_E>(&engine, resources, &mut variables, state).await,
            });
        }
        let run = quote! {
            let mut state = entry.into_state();
            let mut breath = _Breath::new();
            loop {
                if breath.is_due() {
                    engine.pause::<Self>(&state, &variables).await;
                }
                state = match match &state { #arms } {
                    _Ok(_Step::Next(next)) => next,
                    _Ok(_Step::End(output)) => return _Ok(output),
                    _Err(error) => return _Err(error),
                };
            }
        };
        (functions, run)
    }
}

/// An item that belongs to a type in the head of the workflow: what is wrong with it is said there.
pub(crate) fn of_head(ty: &syn::Type, name: &str, is: &impl ToTokens) -> TokenStream {
    let span = ends(ty).0;
    let name = Ident::new(name, span);
    quote_spanned!(span=> type #name = #is;)
}

/// A type that the user names, held to be data.
fn sound_data(ty: &syn::Type) -> TokenStream {
    let (first, last) = ends(ty);
    let kind = data_check(ty).constant(first, last);
    quote!(<#ty as _Sound<#kind>>::Type)
}

/// The states of a stretch as labelled blocks, from the innermost, which looks at the entry.
fn blocks(
    stretch: &[usize],
    bodies: &[(usize, TokenStream)],
    state: &Ident,
    entry: &TokenStream,
    other: Option<TokenStream>,
) -> TokenStream {
    let body = |id: usize| bodies.iter().find(|(state, _)| *state == id).map(|(_, body)| body);
    let Some((first, rest)) = stretch.split_first() else { return TokenStream::new() };
    let first_variant = names::variant(*first);
    let arms = rest.iter().map(|id| {
        let (label, variant) = (label(*id), names::variant(*id));
        quote!(#state::#variant(input) => break #label input,)
    });
    let first_body = body(*first);
    let mut code = quote! {
        let input = match #entry {
            #state::#first_variant(input) => input,
            #(#arms)*
            #other
        };
        #first_body
    };
    for id in rest {
        let (label, body) = (label(*id), body(*id));
        code = quote! {
            let input = #label: { #code };
            #body
        };
    }
    code
}

/// One variant a state, with its input; saved as the name of the state and the input.
fn state_enum(id: usize, machine: &Machine<'_>, visibility: &syn::Visibility) -> TokenStream {
    let name = names::state(id);
    let states = 0..machine.states.len();
    let variants: Vec<Ident> = states.clone().map(names::variant).collect();
    let types: Vec<Ident> = states.map(|state| super::input_type(id, state)).collect();
    let texts: Vec<&str> = machine.states.iter().map(|state| state.name.text.as_str()).collect();
    quote! {
        #visibility enum #name { #(#variants(#types)),* }

        impl _serde::Serialize for #name {
            fn serialize<S: _serde::Serializer>(&self, serializer: S) -> _Result<S::Ok, S::Error> {
                match self { #(Self::#variants(input) => _save(serializer, #texts, input),)* }
            }
        }

        impl _Restore for #name {
            fn restore<'de, A: _serde::de::SeqAccess<'de>>(state: &str, input: A) -> _Result<Self, A::Error> {
                match state {
                    #(#texts => _saved_input(input).map(Self::#variants),)*
                    _ => _unknown_state(state, &[#(#texts),*]),
                }
            }
        }

        impl<'de> _serde::Deserialize<'de> for #name {
            fn deserialize<D: _serde::Deserializer<'de>>(deserializer: D) -> _Result<Self, D::Error> {
                _restore(deserializer)
            }
        }
    }
}
