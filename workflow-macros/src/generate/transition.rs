//! Leaving a state: what it hands on as the type that the target has, and the jump.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::Generator;
use super::lower::{Goes, Scope, Typed, said};
use super::machine::names;
use super::state::Context;
use super::state::flow::Assigned;
use crate::generate::check::Check;
use workflow_syntax::graph;
use workflow_syntax::model::{Next, Target};
use workflow_syntax::parse::Expression;
use workflow_syntax::types::Edge;

/// What leaves a state by one transition.
pub(super) enum Output<'e> {
    /// An expression, which may take its type from where it goes.
    Expression(&'e Expression, Box<Scope>),
    /// A value with a type of its own.
    Value(Typed),
}

impl<'e> Output<'e> {
    pub(super) fn expression(expression: &'e Expression, scope: Scope) -> Self {
        Self::Expression(expression, Box::new(scope))
    }
}

/// Where a transition leads.
struct Destination {
    target: Target,
    /// The alias of the type that it has.
    ty: Ident,
    /// The transition that gives it its type.
    definer: Option<Edge>,
    /// What a message calls it: the state, or the machine that ends.
    name: String,
    /// What a message calls what it is given.
    place: String,
    /// Whether its type is written in the head of the workflow.
    declared: bool,
}

impl Generator<'_> {
    fn destination(&self, machine: usize, target: Target) -> Destination {
        let source = &self.workflow.machines[machine];
        let definers = &self.definers[machine];
        match target {
            Target::State(state) => {
                let name = source.states[state].name.text.clone();
                let place = format!("the input of `{name}`");
                let (ty, definer) = (super::input_type(machine, state), definers.states[state]);
                Destination { target, ty, definer, name, place, declared: false }
            }
            Target::End | Target::Unknown => Destination {
                target: Target::End,
                ty: names::output(machine),
                definer: definers.end,
                name: source.label.clone(),
                place: format!("the output of {}", source.label),
                declared: machine == 0,
            },
        }
    }

    /// What leaves the state by a transition, as the type that its target has. The code may fail.
    pub(super) fn leave(
        &mut self,
        context: &Context<'_>,
        transition: usize,
        next: Next,
        output: Output<'_>,
    ) -> Typed {
        let edge = Edge { state: context.id, transition };
        let to = self.destination(context.machine, next.target);
        let ty = to.ty.clone();
        let code = match output {
            Output::Expression(expression, scope) if to.takes(edge, expression) => {
                self.lower().place(&scope, expression, &quote!(#ty), &Goes::Named(to.place))
            }
            Output::Expression(expression, scope) => {
                let typed = self.lower().natural(&scope, expression);
                self.hand_on(context, edge, next, &to, &typed)
            }
            Output::Value(typed) if to.declared => {
                let scope = self.scope(context, self.raw_input(context, false));
                let site = scope.site("", &Goes::Named(to.place), next.span);
                self.lower().fit(&scope, &typed, &quote!(#ty), &site, (next.span, next.span))
            }
            Output::Value(typed) => self.hand_on(context, edge, next, &to, &typed),
        };
        Typed { ty: quote!(#ty), code }
    }

    /// Hands on a value of a type of its own: the type of the target, or one that is held to it.
    fn hand_on(
        &mut self,
        context: &Context<'_>,
        edge: Edge,
        next: Next,
        to: &Destination,
        value: &Typed,
    ) -> TokenStream {
        let ty = &value.ty;
        let held = if to.definer == Some(edge) {
            let first = super::first_type(context.machine, to.target);
            self.items.declare(&first, &quote!(#ty));
            None
        } else {
            self.join(context, edge, next, to, ty)
        };
        match (held, self.is_asl()) {
            (None, false) => return value.code.clone(),
            (Some(check), false) => self.items.check(&check),
            (_, true) => {}
        }
        self.joined(context, next, to, value)
    }

    /// Hands on a value into the type that all the transitions to the target have together.
    fn joined(
        &mut self,
        context: &Context<'_>,
        next: Next,
        to: &Destination,
        value: &Typed,
    ) -> TokenStream {
        let scope = self.scope(context, self.raw_input(context, false));
        let site = scope.site("", &Goes::Named(to.place.clone()), next.span);
        let target = &to.ty;
        self.lower().fit(&scope, value, &quote!(#target), &site, (next.span, next.span))
    }

    /// Holds a transition to the type that another one gave its target. The check stands in the alias of that type, but for
    /// a transition that leads back, whose type may come from there: its check is returned.
    fn join(
        &mut self,
        context: &Context<'_>,
        edge: Edge,
        next: Next,
        to: &Destination,
        ty: &TokenStream,
    ) -> Option<TokenStream> {
        let machine = &self.workflow.machines[context.machine];
        let (name, is_end, is_start) = (&to.name, to.target == Target::End, to.definer.is_none());
        let first = to.definer.map_or_else(
            || machine.label.clone(),
            |definer| machine.states[definer.state].name.text.clone(),
        );
        let catchers = context.state.catch.len();
        let is_caught =
            catchers > 0 && edge.transition + catchers >= context.state.transitions().len();
        let file = self.workflow.source.file.as_ref().map(|file| file.name.as_str());
        let state = said(&context.state.name.text, file, next.span);
        let from = if is_caught { format!("a catcher of `{state}`") } else { format!("`{state}`") };
        let successors = |id: usize| machine.states[id].successors();
        let leads_back = matches!(to.target, Target::State(state) if graph::reachable(state, successors).contains(&context.id));
        let given =
            if leads_back { to.ty.clone() } else { super::first_type(context.machine, to.target) };
        let joint = quote! {
            _check_Joint { state: #name, from: #from, first: #first, is_start: #is_start, is_end: #is_end }
        };
        let check = if self.is_asl() { "join_dynamic" } else { "join" };
        let check = Check::new(check, quote!(#ty, #given), joint);
        if leads_back {
            return Some(check.at(next.span, next.span));
        }
        let kind = check.constant(next.span, next.span);
        self.joins.entry((context.machine, to.target)).or_default().push(kind);
        None
    }

    fn jump(&self, context: &Context<'_>, target: Target) -> TokenStream {
        match target {
            Target::State(next) => context.layout.jump(context.machine, context.id, next),
            Target::End | Target::Unknown => context.layout.end(),
        }
    }

    pub(super) fn exit(
        &mut self,
        context: &Context<'_>,
        target: Target,
        output: &Typed,
        assigned: Assigned,
    ) -> TokenStream {
        let (Typed { ty, code }, Assigned { names, compute, store }) = (output, assigned);
        let (machine, id) = (self.machine_type(context.machine), context.id);
        let jump = self.jump(context, target);
        let say = (!names.is_empty())
            .then(|| quote!(_assign::<#machine, _>(engine, #id, &[#(#names),*], &variables);));
        quote! {
            #compute
            let output: #ty = #code;
            #store
            #say
            _leave::<#machine, _, _>(engine, #id, &output);
            #jump
        }
    }
}

impl Destination {
    /// Whether an expression takes its type from here.
    fn takes(&self, edge: Edge, expression: &Expression) -> bool {
        self.declared || expression.is_template() && self.definer != Some(edge)
    }
}
