//! The parts of a struct: how its fields are borrowed, moved out and filled; and how a literal fills those of a variant.
//!
//! A struct of up to [`WIDEST`] fields is a tuple of them to the core, which picks one: four functions for a type. A wider
//! one has a function for each field.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Index, Type};

use super::{Subject, data_check, ends, is_std};

/// How many fields a struct has at most that is a tuple of them.
const WIDEST: usize = 12;

/// A field of a struct.
pub(crate) struct Member<'a> {
    /// Its identifier or its number.
    pub(crate) name: TokenStream,
    pub(crate) ty: &'a Type,
    pub(crate) absent: &'a Absent,
    /// Whether JSON does not have it.
    pub(crate) skipped: bool,
}

/// The value of a field that is not given.
pub(crate) enum Absent {
    /// It has to be given.
    Required,
    /// `Default::default()`, said at the token where serde says it, so that a type without it is one error less.
    Default(Span),
    /// What the user's function returns.
    Function(TokenStream),
    /// The field of the container's default.
    Container,
}

/// All fields of a struct.
pub(crate) struct Parts<'a> {
    members: &'a [Member<'a>],
    shown: Vec<&'a Member<'a>>,
}

impl<'a> Parts<'a> {
    pub(crate) fn of(members: &'a [Member<'a>]) -> Self {
        let shown = members.iter().filter(|member| !member.skipped).collect();
        Self { members, shown }
    }

    fn is_wide(&self) -> bool {
        self.shown.len() > WIDEST
    }

    /// The type `Data::Parts`: none where the type of a field is no data, so that this is the one error. A constant in a
    /// type cannot name type parameters, so a generic struct goes without.
    pub(crate) fn marker(&self, subject: &Subject) -> TokenStream {
        let marker = if self.is_wide() { quote!(_Parts) } else { quote!(_Struct) };
        let asked: Vec<&Type> =
            self.shown.iter().map(|member| member.ty).filter(|ty| !is_std(ty)).collect();
        if subject.is_generic() || asked.is_empty() {
            return marker;
        }
        let checks = asked.into_iter().map(|ty| {
            let (first, last) = ends(ty);
            data_check(ty).at(first, last)
        });
        quote! {
            <#marker as _Sound<{ 0 #(+ #checks)* }>>::Type
        }
    }

    /// Puts implementations where the type [`marker`](Self::marker) is.
    pub(crate) fn declared(&self, implementations: TokenStream) -> TokenStream {
        if !self.is_wide() {
            return implementations;
        }
        quote! {
            const _: () = {
                #[allow(missing_debug_implementations, missing_docs, non_camel_case_types, unreachable_pub)]
                pub enum _Parts {}
                #implementations
            };
        }
    }

    /// What takes the struct apart and builds it.
    pub(crate) fn implement(&self, subject: &Subject) -> TokenStream {
        if self.is_wide() { self.one_by_one(subject) } else { self.as_tuple(subject) }
    }

    fn as_tuple(&self, subject: &Subject) -> TokenStream {
        let names: Vec<&TokenStream> = self.shown.iter().map(|member| &member.name).collect();
        let types: Vec<&Type> = self.shown.iter().map(|member| member.ty).collect();
        let build = self.build(&quote!(Self));
        subject.implement(
            &quote!(_Fields),
            &quote! {
                type Fields = (#(#types,)*);
                #[inline]
                fn refs(&self) -> (#(&#types,)*) {
                    (#(&self.#names,)*)
                }
                #[inline]
                fn muts(&mut self) -> (#(&mut #types,)*) {
                    (#(&mut self.#names,)*)
                }
                #[inline]
                fn into_fields(self) -> (#(#types,)*) {
                    (#(self.#names,)*)
                }
                #[inline]
                fn build(slots: (#(_Option<#types>,)*)) -> Self {
                    #build
                }
            },
        )
    }

    fn one_by_one(&self, subject: &Subject) -> TokenStream {
        let whole = subject.whole();
        let types: Vec<&Type> = self.shown.iter().map(|member| member.ty).collect();
        let none = types.iter().map(|_| quote!(_None));
        let build = self.build(&subject.literal());
        let building = subject.implement_for(
            &quote!(_Parts),
            &quote!(_Build<#whole>),
            &quote! {
                type Slots = (#(_Option<#types>,)*);
                fn slots() -> Self::Slots {
                    (#(#none,)*)
                }
                fn build(slots: Self::Slots) -> #whole {
                    #build
                }
            },
        );
        let each = self
            .shown
            .iter()
            .enumerate()
            .map(|(position, member)| access(subject, &whole, position, member));
        quote!(#building #(#each)*)
    }

    /// What builds the variant of an enum at a position. None where it is wide.
    pub(crate) fn construct(
        &self,
        subject: &Subject,
        position: usize,
        literal: &TokenStream,
    ) -> TokenStream {
        if self.is_wide() {
            return TokenStream::new();
        }
        let types: Vec<&Type> = self.shown.iter().map(|member| member.ty).collect();
        let build = self.build(literal);
        subject.implement(
            &quote!(_Construct<#position>),
            &quote! {
                type Fields = (#(#types,)*);
                fn construct(slots: (#(_Option<#types>,)*)) -> Self {
                    #build
                }
            },
        )
    }

    /// Builds the struct out of its slots.
    pub(crate) fn build(&self, literal: &TokenStream) -> TokenStream {
        let uses_container =
            self.members.iter().any(|member| matches!(member.absent, Absent::Container));
        let container =
            uses_container.then(|| quote!(let container = #literal { .._Default::default() };));
        let mut position = 0;
        let values = self.members.iter().map(|member| {
            let slot = (!member.skipped).then_some(Index::from(position));
            position += usize::from(!member.skipped);
            value(member, slot.as_ref())
        });
        // A struct literal with numbers builds a tuple struct.
        quote!(#container #literal { #(#values),* })
    }
}

/// A field of a wide struct.
fn access(
    subject: &Subject,
    whole: &TokenStream,
    position: usize,
    member: &Member<'_>,
) -> TokenStream {
    let Member { name, ty, .. } = member;
    let index = Index::from(position);
    let access = subject.implement_for(
        &quote!(_Parts),
        &quote!(_Access<#whole, #position>),
        &quote! {
            type Value = #ty;
            fn get(base: &#whole, _: _Place) -> _Result<&#ty, _Failed> {
                _Ok(&base.#name)
            }
            fn get_mut(base: &mut #whole, _: _Place) -> _Result<&mut #ty, _Failed> {
                _Ok(&mut base.#name)
            }
            fn take(base: #whole, _: _Place) -> _Result<#ty, _Failed> {
                _Ok(base.#name)
            }
        },
    );
    let fill = subject.implement_for(
        &quote!(_Parts),
        &quote!(_Fill<#whole, #position>),
        &quote! {
            type Value = #ty;
            fn fill(slots: &mut Self::Slots, _: &'static str, value: #ty) {
                slots.#index = _Some(value);
            }
        },
    );
    quote!(#access #fill)
}

/// The value of a field, out of its slot or in place of it.
fn value(member: &Member<'_>, slot: Option<&Index>) -> TokenStream {
    let name = &member.name;
    let preset = match member.absent {
        Absent::Required => {
            let Some(slot) = slot else { return quote!(#name: ::core::unreachable!()) };
            return quote!(#name: _filled(slots.#slot));
        }
        Absent::Default(span) => quote_spanned!(*span=> _Default::default()),
        Absent::Function(function) => quote!(#function()),
        Absent::Container => quote!(container.#name),
    };
    let Some(slot) = slot else { return quote!(#name: #preset) };
    quote! {
        #name: match slots.#slot {
            _Some(value) => value,
            _None => #preset,
        }
    }
}
