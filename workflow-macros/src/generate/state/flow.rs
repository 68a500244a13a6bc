//! What comes after the work of a state: its result, its variables, its output, and the transition.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};

use super::{Context, empty_object, once, pairs, work_label};
use crate::generate::Generator;
use crate::generate::lower::{Goes, Scope, Source, Typed, variable_field};
use crate::generate::machine::names;
use crate::generate::transition::Output;
use workflow_syntax::model::{Next, PathField, Target};
use workflow_syntax::parse::{Expression, ExpressionKind, Name, SegmentKind, ValuePath};

/// The result of a state's work, with its `result_selector`, and what follows.
struct AfterWork {
    /// The type of the result.
    result: TokenStream,
    /// The work and the selector, as a `Result`.
    run: TokenStream,
    /// What follows.
    code: TokenStream,
}

/// The values of variables, and the code that stores them once all are computed.
#[derive(Default)]
pub(in crate::generate) struct Assigned {
    /// The names of the variables.
    pub(in crate::generate) names: Vec<String>,
    pub(in crate::generate) compute: TokenStream,
    pub(in crate::generate) store: TokenStream,
}

impl Generator<'_> {
    /// The outcome of the work: its result goes on, and its error goes to the catchers.
    pub(super) fn end_of_work(
        &mut self,
        context: &Context<'_>,
        before: &TokenStream,
        run: &TokenStream,
        result: &TokenStream,
    ) -> TokenStream {
        let catches = !context.state.catch.is_empty();
        if !catches && leaves_unchanged(context) && context.state.flow.result_selector.is_none() {
            let source = Source { ty: result.clone(), place: value_or_return(run), movable: false };
            let finish = self.finish(context, 0, source, context.state.next);
            return quote!(#before #finish);
        }
        let AfterWork { result, run, code } = self.after_work(context, run, result);
        if !catches {
            let value = value_or_return(&run);
            return quote!(#before let result: #result = #value; #code);
        }
        let caught = self.catchers(context);
        let work = work_label();
        let outcome = if before.is_empty() { run } else { quote!(#work: { #before #run }) };
        quote! {
            let result: #result = match #outcome {
                _Ok(result) => result,
                _Err(error) => { #caught }
            };
            #code
        }
    }

    /// From the result of the work to the transition: `result_selector`, `assign`, `output` or `result_path`, `output_path`.
    fn after_work(
        &mut self,
        context: &Context<'_>,
        run: &TokenStream,
        result: &TokenStream,
    ) -> AfterWork {
        let source = Source { ty: result.clone(), place: quote!(result), movable: false };
        let Some(selector) = context.state.flow.result_selector else {
            let code = self.finish(context, 0, source, context.state.next);
            return AfterWork { result: result.clone(), run: run.clone(), code };
        };
        let movable = Source { movable: true, ..source };
        let scope = self.after_scope(context, &once(movable, &[selector]));
        let handed_on = context.state.next.filter(|_| leaves_unchanged(context));
        let selected = match handed_on {
            Some(next) => self.leave(context, 0, next, Output::expression(selector, scope)),
            None => {
                let Typed { ty, code } = self.lower().natural(&scope, selector);
                Typed { ty: self.items.alias(&ty).to_token_stream(), code }
            }
        };
        let (ty, place) = (selected.ty.clone(), quote!(result));
        let code = match handed_on {
            Some(next) => {
                let output = Typed { ty, code: place };
                self.exit(context, next.target, &output, Assigned::default())
            }
            None => {
                let source = Source { ty, place, movable: false };
                self.finish(context, 0, source, context.state.next)
            }
        };
        let Typed { ty, code: select } = selected;
        let select =
            Self::caught_value(context, &quote!({ let selected: #ty = #select; selected }));
        let run = quote! {
            match #run {
                _Ok(result) => #select,
                _Err(error) => _Err(error),
            }
        };
        AfterWork { result: ty, run, code }
    }

    fn after_scope(&self, context: &Context<'_>, input: &Source) -> Scope {
        let mut scope = self.scope(context, input.clone());
        scope.states_result = Some(Source { movable: false, ..input.clone() });
        scope
    }

    /// `assign`, `output` or `result_path`, `output_path`, and the transition.
    pub(super) fn finish(
        &mut self,
        context: &Context<'_>,
        edge: usize,
        source: Source,
        next: Option<Next>,
    ) -> TokenStream {
        let flow = &context.state.flow;
        let scope = self.after_scope(context, &source);
        let assign = self.assign(context, &scope, &pairs(flow.assign));
        let output = if let Some(output) = flow.output {
            let input = once(Source { movable: true, ..source.clone() }, &[output]);
            Output::expression(
                output,
                Scope {
                    states_result: Some(Source { movable: false, ..input.clone() }),
                    input,
                    ..scope
                },
            )
        } else {
            let merged = self.merged(context, &source, flow.result_path);
            Output::Value(self.output_path(context, merged))
        };
        let next = next.unwrap_or(Next::to(Target::End, context.state.name.span));
        let leave = self.leave(context, edge, next, output);
        self.exit(context, next.target, &leave, assign)
    }

    pub(super) fn output_path(&mut self, context: &Context<'_>, value: Typed) -> Typed {
        match context.state.flow.output_path {
            None => value,
            Some(PathField { path: None }) => empty_object(),
            Some(PathField { path: Some(path) }) => {
                let ty = self.items.alias(&value.ty);
                let scope = self.scope(
                    context,
                    Source { ty: quote!(#ty), place: quote!(merged), movable: true },
                );
                let Typed { ty: selected, code } = self.lower().path(&scope, path);
                let before = value.code;
                Typed { ty: selected, code: quote!({ let merged: #ty = #before; #code }) }
            }
        }
    }

    /// The values of variables, and the code that stores them once all are computed.
    pub(super) fn assign(
        &mut self,
        context: &Context<'_>,
        scope: &Scope,
        assign: &[(&Name, &Expression)],
    ) -> Assigned {
        let mut assigned = Assigned::default();
        for (position, (name, expression)) in assign.iter().enumerate() {
            let text = name.to_string();
            let ty = names::variable(context.machine, &text);
            let defines = self.definers[context.machine].defines_variable(expression);
            let code = if defines && self.is_untyped(context, name, expression) {
                let json = quote!(_Json);
                self.items.declare(&ty, &json);
                let goes = Goes::Named(format!("variable `{text}`"));
                self.lower().place(scope, expression, &json, &goes)
            } else if defines {
                let typed = self.lower().natural(scope, expression);
                let natural = &typed.ty;
                self.items.declare(&ty, &quote!(#natural));
                typed.code
            } else {
                self.lower().place(
                    scope,
                    expression,
                    &quote!(#ty),
                    &Goes::Named(format!("variable `{text}`")),
                )
            };
            let local = format_ident!("assigned{position}");
            let field = variable_field(&text);
            assigned.names.push(text);
            assigned.compute.extend(quote!(let #local: #ty = #code;));
            assigned.store.extend(quote!(variables.#field = _Some(#local);));
        }
        assigned
    }

    /// Whether a variable has no type, as on AWS: in a definition of ASL, unless all that it is ever assigned is one path.
    fn is_untyped(&self, context: &Context<'_>, name: &Name, expression: &Expression) -> bool {
        let states = &self.workflow.machines[context.machine].states;
        let assignments = states.iter().flat_map(|state| state.assignments());
        let count = assignments.filter(|(other, _)| *other == name).count();
        self.is_asl() && (count > 1 || !matches!(expression.kind, ExpressionKind::Path(_)))
    }

    /// A result put into the raw input by `result_path`.
    pub(super) fn merged(
        &mut self,
        context: &Context<'_>,
        result: &Source,
        path: Option<PathField<'_>>,
    ) -> Typed {
        let raw = self.raw_input(context, true);
        let place = &result.place;
        match path {
            None => Typed { ty: result.ty.clone(), code: quote!(#place) },
            Some(PathField { path: None }) => Typed { ty: raw.ty, code: quote!(input) },
            Some(PathField { path: Some(path) }) if path.segments.is_empty() => {
                Typed { ty: result.ty.clone(), code: quote!(#place) }
            }
            Some(PathField { path: Some(path) }) => {
                let scope = self.scope(context, raw.clone());
                let Typed { ty: raw_ty, code: input } = self.with_room(&scope, &raw, path);
                let target = Source { ty: raw_ty.clone(), place: quote!(merged), movable: false };
                let field = self.lower().place_in(&scope, path, &target);
                let site = scope.site("", &Goes::Named(format!("`{path}`")), path.start);
                // The result of a Pass state may be the input itself, which it goes into.
                let is_input = place.to_string() == raw.place.to_string();
                let code = if is_input { quote!(_clone(&#place)) } else { quote!(#place) };
                let value = Typed { ty: result.ty.clone(), code };
                let ends = (path.start, path.end());
                let value = self.lower().fit(&scope, &value, &field.ty, &site, ends);
                let borrow = field.code;
                Typed {
                    ty: raw_ty,
                    code: quote!({ let value = #value; let mut merged = #input; *#borrow = value; merged }),
                }
            }
        }
    }

    /// The input as something that a result goes into. In a definition of ASL it has no type any more where its type has no such
    /// field.
    fn with_room(&mut self, scope: &Scope, raw: &Source, path: &ValuePath) -> Typed {
        let ty = raw.ty.clone();
        let first = path.segments.first().map(|segment| &segment.kind);
        let (true, Some(SegmentKind::Name(name))) = (self.is_asl(), first) else {
            return Typed { ty, code: raw.place.clone() };
        };
        let room = quote!({ _check_room::<#ty>(#name) });
        self.lower().joined(scope, &Typed { ty, code: raw.place.clone() }, &room)
    }
}

/// Whether nothing is done with the result of the state but to hand it on.
pub(super) fn leaves_unchanged(context: &Context<'_>) -> bool {
    let flow = &context.state.flow;
    flow.output.is_none()
        && flow.result_path.is_none()
        && flow.output_path.is_none()
        && flow.assign.is_empty()
}

/// The value of a `Result` whose error names its state.
fn value_or_return(result: &TokenStream) -> TokenStream {
    quote! {
        match #result {
            _Ok(value) => value,
            _Err(error) => return _Err(error),
        }
    }
}
