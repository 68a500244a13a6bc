//! Paths: where one starts, how it is followed segment by segment, and the place that it names.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

use super::{Items, Lower, Scope, Source, Typed, variable_field};
use crate::generate::check::Check;
use workflow_syntax::context::{self, ContextValue};
use workflow_syntax::parse::{Root, Segment, SegmentKind, ValuePath};

impl Lower<'_> {
    /// A path as an owned value.
    pub(crate) fn path(&mut self, scope: &Scope, path: &ValuePath) -> Typed {
        let (source, skipped) = match self.root(scope, path) {
            Ok(root) => root,
            Err(typed) => return typed,
        };
        let take = source.movable && path.segments.iter().all(|segment| is_one(&segment.kind));
        let walked = self.walk(scope, path, &source, skipped, take);
        let Typed { ty, code } = walked.typed;
        if walked.many {
            let code = quote!(#code.into_iter().cloned().collect::<_Vec<#ty>>());
            return self.untyped(scope, Typed { ty: quote!(_Vec<#ty>), code }, &[ty]);
        }
        let code = if take { code } else { quote!(_clone(#code)) };
        Typed { ty, code }
    }

    /// A path as a reference, and the type that its last segment is applied to.
    pub(super) fn borrowed(&mut self, scope: &Scope, path: &ValuePath) -> Borrowed {
        match self.root(scope, path) {
            Ok((source, skipped)) => {
                let walked = self.walk(scope, path, &source, skipped, false);
                let Typed { ty, code } = walked.typed;
                if walked.many {
                    let code = quote!(#code.into_iter().cloned().collect::<_Vec<#ty>>());
                    let list = Typed { ty: quote!(_Vec<#ty>), code };
                    let Typed { ty, code } = self.untyped(scope, list, &[ty]);
                    return Borrowed { base: ty.clone(), ty, code: quote!((&#code)) };
                }
                Borrowed { base: walked.base, ty, code }
            }
            Err(Typed { ty, code }) => Borrowed { base: ty.clone(), code: quote!((&#code)), ty },
        }
    }

    /// A list as AWS has it: `Json` where nothing in it has a type.
    pub(crate) fn untyped(&mut self, scope: &Scope, list: Typed, inner: &[TokenStream]) -> Typed {
        if !self.is_asl {
            return list;
        }
        self.joined(scope, &list, &quote!({ _check_untyped(&[#(<#inner as _Data>::TYPE),*]) }))
    }

    /// A value that goes on as it is or as `Json`, as a check says.
    pub(crate) fn joined(&mut self, scope: &Scope, value: &Typed, kind: &TokenStream) -> Typed {
        let Typed { ty, code } = value;
        let alias = self.items.alias(&quote!(<#ty as _Joined<#kind>>::Type));
        let code = scope.unwrapped(&quote!(<#ty as _Joined<#kind>>::join(#code)));
        Typed { ty: alias.to_token_stream(), code }
    }

    /// Where a path starts, and how many of its segments that takes; or the value that it is.
    pub(super) fn root(
        &mut self,
        scope: &Scope,
        path: &ValuePath,
    ) -> Result<(Source, usize), Typed> {
        match &path.root {
            Root::Input => Ok((scope.input.clone(), 0)),
            Root::Item => Ok((scope.item.clone().unwrap_or_else(|| scope.input.clone()), 0)),
            Root::Variable(name) if name == "states" => {
                let is_input = matches!(path.segments.first().map(|segment| &segment.kind), Some(SegmentKind::Name(name)) if name == "input");
                let source = if is_input { &scope.states_input } else { &scope.states_result };
                Ok((source.clone().unwrap_or_else(|| scope.input.clone()), 1))
            }
            Root::Variable(name) => {
                let text = name.to_string();
                let ty = scope.variables.iter().find(|(variable, _)| *variable == text);
                let ty = ty.map_or_else(|| quote!(_Json), |(_, ty)| ty.clone());
                let field = variable_field(&text);
                let value = scope.unwrapped(&quote!(_assigned(&variables.#field, #text)));
                let place = quote!((*#value));
                Ok((Source { ty, place, movable: false }, 0))
            }
            Root::Context => self.context(scope, path),
        }
    }

    pub(super) fn context(
        &mut self,
        scope: &Scope,
        path: &ValuePath,
    ) -> Result<(Source, usize), Typed> {
        let text = path.to_string();
        let value = context::FIELDS
            .iter()
            .find(|field| field.has(&text))
            .map_or(ContextValue::ExecutionId, |field| field.value);
        let known = context::FIELDS.iter().any(|field| field.has(&text));
        let goes_on = match value {
            ContextValue::ExecutionInput => known,
            ContextValue::MapItemValue => scope.map_item.is_some(),
            _ => false,
        };
        if self.is_asl && !goes_on {
            return Ok((self.context_object(scope, path), 0));
        }
        let string = |code: TokenStream| Err(Typed { ty: quote!(_String), code });
        let state = &scope.state;
        match value {
            ContextValue::ExecutionId => string(quote!(_String::from(engine.execution().id()))),
            ContextValue::ExecutionName => string(quote!(_String::from(engine.execution().name()))),
            ContextValue::StateMachineName => {
                string(quote!(_String::from(engine.execution().state_machine_name())))
            }
            ContextValue::StateMachineId => {
                string(quote!(_String::from(engine.execution().state_machine_id())))
            }
            ContextValue::StateName => string(quote!(_String::from(#state))),
            ContextValue::ExecutionStartTime => {
                Err(Typed { ty: quote!(_Timestamp), code: quote!(engine.execution().start_time()) })
            }
            ContextValue::StateEnteredTime => {
                Err(Typed { ty: quote!(_Timestamp), code: quote!(entered_time) })
            }
            ContextValue::StateRetryCount => {
                Err(Typed { ty: quote!(u32), code: quote!(visit.retry_count()) })
            }
            ContextValue::TaskToken => string(scope.unwrapped(&quote!(engine.task_token(visit)))),
            ContextValue::MapItemIndex => Err(Typed { ty: quote!(usize), code: quote!(index) }),
            ContextValue::MapItemValue => {
                Ok((scope.map_item.clone().unwrap_or_else(|| scope.input.clone()), 3))
            }
            ContextValue::ExecutionInput => {
                let input = scope
                    .unwrapped(&quote!(_assigned(&variables.execution_input, "$.Execution.Input")));
                let place = quote!((*#input));
                Ok((Source { ty: scope.execution_input.clone(), place, movable: false }, 2))
            }
        }
    }

    /// The context object as data, with all that a path may read.
    fn context_object(&self, scope: &Scope, path: &ValuePath) -> Source {
        let text = path.to_string();
        let reads = |field: &str| text.starts_with(field) || field.starts_with(&text);
        let shown = |field: &str, code: TokenStream| match reads(field) {
            true => quote!(_Some(#code)),
            false => quote!(_None),
        };
        let state = &scope.state;
        let entered_time = shown("$$.State.EnteredTime", quote!(entered_time));
        let retry_count = match scope.is_retried {
            true => shown("$$.State.RetryCount", quote!(visit.retry_count())),
            false => quote!(_None),
        };
        let task_token = match scope.awaits {
            true => {
                let token = scope.unwrapped(&quote!(engine.task_token(visit)));
                shown("$$.Task.Token", token)
            }
            false => quote!(_None),
        };
        let input =
            scope.unwrapped(&quote!(_assigned(&variables.execution_input, "$.Execution.Input")));
        let execution_input = &scope.execution_input;
        let input = scope.unwrapped(&quote!(_to_json::<#execution_input>(#input)));
        let input = shown("$$.Execution.Input", input);
        let item = match &scope.map_item {
            Some(Source { ty, place, .. }) => {
                let value = scope.unwrapped(&quote!(_to_json::<#ty>(&#place)));
                shown("$$.Map", quote!((index, #value)))
            }
            None => quote!(_None),
        };
        let place = quote! {
            _Json::from(_ContextObject {
                execution: engine.execution(),
                input: #input,
                state: #state,
                entered_time: #entered_time,
                retry_count: #retry_count,
                task_token: #task_token,
                item: #item,
            })
        };
        Source { ty: quote!(_Json), place, movable: false }
    }

    /// The only step of a path that has one, to a field or an element; `None` for other paths.
    pub(super) fn only_step(&mut self, scope: &Scope, path: &ValuePath) -> Option<Step> {
        if self.is_asl {
            return None;
        }
        let (source, skipped) = self.root(scope, path).ok()?;
        let [segment] = path.segments.get(skipped..)? else { return None };
        if !is_one(&segment.kind) {
            return None;
        }
        let part = self.part(scope, path, skipped, &source.ty);
        let place = place_of(path, skipped);
        Some(Step { part, base: source.place, place, take: source.movable })
    }

    /// The alias of the segment at a position, which is applied to a type.
    fn part(
        &mut self,
        scope: &Scope,
        path: &ValuePath,
        position: usize,
        ty: &TokenStream,
    ) -> Ident {
        self.part_for(scope, path, position, ty, "field")
    }

    /// The same, with the check that a name is held to.
    fn part_for(
        &mut self,
        scope: &Scope,
        path: &ValuePath,
        position: usize,
        ty: &TokenStream,
        field: &'static str,
    ) -> Ident {
        let segment = &path.segments[position];
        let (text, base) = (path.prefix(position + 1), path.prefix(position));
        let state = scope.said(segment.span);
        let at = quote!(_check_At { state: #state, path: #text, base: #base });
        let check = |check: Check| check.constant(segment.span, segment.span);
        let part = match &segment.kind {
            SegmentKind::Name(name) => {
                let field = check(Check::new(field, quote!(#ty), quote!(#at, #name)));
                quote!(_Part<#ty, #field, { _check_flattened::<#ty>(#name) }>)
            }
            SegmentKind::Index(index) => {
                let element = check(Check::new("element", quote!(#ty), quote!(#at, #index)));
                quote!(_Part<#ty, #element, 0>)
            }
            _ => {
                let kind = check(Check::new("present", quote!(#ty), quote!(#at)));
                quote!(_Present<#ty, #kind>)
            }
        };
        self.items.alias(&part)
    }

    /// The alias of a value as a definition of ASL looks into it: an `Option` is its value.
    fn opened(&mut self, ty: &TokenStream) -> Ident {
        self.items.alias(&quote!(_Opened<#ty, { _check_opened::<#ty>() }>))
    }

    /// Follows the segments of a path.
    pub(super) fn walk(
        &mut self,
        scope: &Scope,
        path: &ValuePath,
        source: &Source,
        skipped: usize,
        take: bool,
    ) -> Walked {
        let place = &source.place;
        let many = leads_to_none(&path.segments[skipped..]);
        let code = match (many, take) {
            (true, _) => quote!([&#place]),
            (_, true) => place.clone(),
            _ => quote!((&#place)),
        };
        let mut walked =
            Walked { typed: Typed { ty: source.ty.clone(), code }, base: source.ty.clone(), many };
        for (position, segment) in path.segments.iter().enumerate().skip(skipped) {
            if self.is_asl && matches!(segment.kind, SegmentKind::Name(_) | SegmentKind::Index(_)) {
                let opened = self.opened(&walked.typed.ty);
                walked.typed = step(scope, path, source, &opened, position, &walked, take);
            }
            let Typed { ty, code } = &walked.typed;
            let (text, base) = (path.prefix(position + 1), path.prefix(position));
            let state = scope.said(segment.span);
            let at = quote!(_check_At { state: #state, path: #text, base: #base });
            let static_place = place_of(path, position);
            let each = |items: &mut Items| {
                let kind = Check::new("each", quote!(#ty), quote!(#at))
                    .constant(segment.span, segment.span);
                let each = items.alias(&quote!(_Each<#ty, #kind>));
                (quote!(<#each as _Elements>::Item), quote!(<#each as _Elements>::each))
            };
            let spread = |elements: TokenStream| {
                if walked.many {
                    quote!(#code.into_iter().flat_map(|item| #elements).collect::<_Vec<_>>())
                } else {
                    quote!({ let item = #code; #elements })
                }
            };
            let (typed, many) = match &segment.kind {
                SegmentKind::Name(_) | SegmentKind::Index(_) | SegmentKind::Present => {
                    let part = self.part(scope, path, position, ty);
                    (step(scope, path, source, &part, position, &walked, take), walked.many)
                }
                SegmentKind::Wildcard => {
                    let (item, each) = each(self.items);
                    (Typed { ty: item, code: spread(quote!(#each(item))) }, true)
                }
                SegmentKind::Slice(start, end, step) => {
                    let (item, each) = each(self.items);
                    let [start, end, step] = [start, end, step].map(optional);
                    (
                        Typed {
                            ty: item,
                            code: spread(quote!(_slice(#each(item), #start, #end, #step))),
                        },
                        true,
                    )
                }
                SegmentKind::Filter(condition) => {
                    let (item, each) = each(self.items);
                    let element =
                        Source { ty: item.clone(), place: quote!((*element)), movable: false };
                    let inner = Scope { item: Some(element), ..scope.clone() };
                    let condition = self.condition(&inner, condition);
                    let code = spread(quote! {
                        #each(item).into_iter().filter(|element| {
                            let element: &#item = *element;
                            _filter(|| _Ok(#condition))
                        }).collect::<_Vec<_>>()
                    });
                    (Typed { ty: item, code }, true)
                }
                SegmentKind::Names(names) => {
                    let kind = Check::new("names", quote!(#ty), quote!(#at))
                        .constant(segment.span, segment.span);
                    let several = self.items.alias(&quote!(_Several<#ty, #kind>));
                    let pick = |item: TokenStream| quote!(<#several>::pick(#item, &[#(#names),*], #static_place));
                    let code = if walked.many {
                        let pick = pick(quote!(item));
                        quote!(#code.into_iter().filter_map(|item| #pick.ok()).collect::<_Vec<_Json>>())
                    } else {
                        scope.found(path, source, &pick(code.clone()))
                    };
                    (Typed { ty: quote!(_Json), code: quote!((&#code)) }, walked.many)
                }
                SegmentKind::Query(query) => {
                    let kind = Check::new("query", quote!(#ty), quote!(#at))
                        .constant(segment.span, segment.span);
                    let all = self.items.alias(&quote!(_Query<#ty, #kind>));
                    let found = scope.unwrapped(&quote!(<#all>::all(#code, #query)));
                    (Typed { ty: quote!(_Json), code: found }, true)
                }
                SegmentKind::Descendants(name) => {
                    let kind = Check::new("descendants", quote!(#ty), quote!(#at))
                        .constant(segment.span, segment.span);
                    let all = self.items.alias(&quote!(_Descendants<#ty, #kind>));
                    let elements = match name {
                        Some(_) => quote!(<#all>::named(item, #static_place)),
                        None => quote!(<#all>::inner(item)),
                    };
                    (Typed { ty: quote!(_Json), code: spread(elements) }, true)
                }
            };
            walked = Walked { base: walked.typed.ty, typed, many };
        }
        walked
    }

    /// A path as a place to write to: its type, and the code that borrows it from `target`.
    pub(crate) fn place_in(&mut self, scope: &Scope, path: &ValuePath, source: &Source) -> Typed {
        let place = &source.place;
        let mut typed = Typed { ty: source.ty.clone(), code: quote!((&mut #place)) };
        for (position, segment) in path.segments.iter().enumerate() {
            let Typed { ty, code } = &typed;
            let static_place = place_of(path, position);
            if !matches!(segment.kind, SegmentKind::Name(_) | SegmentKind::Index(_)) {
                continue;
            }
            let part = self.part_for(scope, path, position, ty, "written_field");
            typed = Typed {
                ty: quote!(<#part as _Segment>::Value),
                code: scope.unwrapped(&quote!(<#part as _Segment>::get_mut(#code, #static_place))),
            };
        }
        typed
    }
}

/// A reference to a value, and the type that the last segment of its path is applied to.
pub(super) struct Borrowed {
    pub(super) ty: TokenStream,
    pub(super) code: TokenStream,
    pub(super) base: TokenStream,
}

/// One step from a place to a field or an element of it.
pub(super) struct Step {
    /// The alias of the segment.
    pub(super) part: Ident,
    pub(super) base: TokenStream,
    pub(super) place: TokenStream,
    /// Whether it may be moved out.
    pub(super) take: bool,
}

/// The value that a segment leads to.
fn step(
    scope: &Scope,
    path: &ValuePath,
    source: &Source,
    part: &Ident,
    position: usize,
    walked: &Walked,
    take: bool,
) -> Typed {
    let (code, place) = (&walked.typed.code, place_of(path, position));
    let code = if walked.many {
        quote!(#code.into_iter().filter_map(|item| <#part as _Segment>::get(item, #place).ok()).collect::<_Vec<_>>())
    } else if take {
        scope.unwrapped(&quote!(<#part as _Segment>::take(#code, #place)))
    } else {
        scope.found(path, source, &quote!(<#part as _Segment>::get(#code, #place)))
    };
    Typed { ty: quote!(<#part as _Segment>::Value), code }
}

/// Whether a field that is not there leads to no values, as on the way to many, and does not fail.
fn leads_to_none(segments: &[Segment]) -> bool {
    let is_checked = |segment: &Segment| matches!(segment.kind, SegmentKind::Present);
    segments.first().is_some_and(|first| is_one(&first.kind))
        && segments.iter().any(|segment| is_many(&segment.kind))
        && !segments.iter().any(is_checked)
}

/// Whether a segment leads to one value.
fn is_one(kind: &SegmentKind) -> bool {
    matches!(kind, SegmentKind::Name(_) | SegmentKind::Index(_) | SegmentKind::Present)
}

/// Whether a segment leads to many values. Several names lead to one, which is made of theirs.
fn is_many(kind: &SegmentKind) -> bool {
    !is_one(kind) && !matches!(kind, SegmentKind::Names(_))
}

/// How far a path is followed.
pub(super) struct Walked {
    pub(super) typed: Typed,
    pub(super) base: TokenStream,
    /// Whether the code gives a list of references.
    pub(super) many: bool,
}

fn optional(bound: &Option<i64>) -> TokenStream {
    match bound {
        Some(bound) => quote!(_Some(#bound)),
        None => quote!(_None),
    }
}

/// The description of where in a path a segment stands.
fn place_of(path: &ValuePath, position: usize) -> TokenStream {
    let text = path.to_string();
    let kind = &path.segments[position].kind;
    if let (Root::Input, SegmentKind::Name(name), 1) = (&path.root, kind, path.segments.len()) {
        return quote!(_Place::field(#text, #name));
    }
    let normalized = path.normalized(position + 1);
    let last = position + 1 == path.segments.len();
    match kind {
        SegmentKind::Name(name) | SegmentKind::Descendants(Some(name)) => {
            quote!(_Place::name(#text, #normalized, #name, #last))
        }
        SegmentKind::Index(index) => {
            quote!(_Place::index(#text, #normalized, #index, #last))
        }
        _ => quote!(_Place::index(#text, #normalized, 0, #last)),
    }
}
