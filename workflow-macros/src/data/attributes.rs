//! The serde attributes that decide how a type looks as JSON.
//!
//! What serde itself refuses is passed over in silence: its derive, which stands beside ours, says it.

use proc_macro2::{TokenStream, TokenTree};
use syn::meta::ParseNestedMeta;
use syn::{Attribute, LitStr, Token};

use super::case::Case;

/// What a value has where it is not given.
pub(super) enum Preset {
    /// `Default::default()`.
    Default,
    /// What this function returns.
    Function(TokenStream),
}

/// The attributes of a struct or an enum.
#[derive(Default)]
pub(super) struct Container {
    pub(super) rename_all: Option<Case>,
    pub(super) default: Option<Preset>,
    pub(super) transparent: bool,
    /// Whether JSON has a variant not by its name alone, though it carries no data.
    pub(super) tagged: bool,
}

/// The attributes of a field.
#[derive(Default)]
pub(super) struct Field {
    pub(super) rename: Option<String>,
    pub(super) default: Option<Preset>,
    pub(super) flatten: bool,
    /// Where it stands, for an error.
    pub(super) skip_serializing: Option<syn::Path>,
    pub(super) skip_deserializing: bool,
    /// Whether it is written only where a function of the user says so.
    pub(super) skip_serializing_if: bool,
    /// Whether a function of the user reads it, so that not even an `Option` may lack.
    pub(super) with: bool,
}

/// The attributes of a variant.
#[derive(Default)]
pub(super) struct Variant {
    pub(super) rename: Option<String>,
    pub(super) skip: bool,
    pub(super) untagged: bool,
}

impl Container {
    pub(super) fn read(attributes: &[Attribute], errors: &mut Vec<syn::Error>) -> Self {
        let mut container = Self::default();
        for_each_key(attributes, |key, meta| {
            match key {
                "rename_all" => {
                    container.rename_all =
                        one_name(meta, errors)?.and_then(|name| Case::named(&name));
                }
                "default" => container.default = Some(preset(meta)?),
                "transparent" => container.transparent = true,
                "tag" | "content" | "untagged" => container.tagged = true,
                "from" | "into" | "try_from" | "remote" => errors.push(converted(key, meta)),
                _ => {}
            }
            Ok(())
        });
        container
    }
}

fn converted(key: &str, meta: &ParseNestedMeta) -> syn::Error {
    let text = format!(
        "`{key}` hides how the type looks as JSON\nhelp: implement `Data` by hand, with the shape that JSON has"
    );
    syn::Error::new_spanned(&meta.path, text)
}

impl Field {
    pub(super) fn read(attributes: &[Attribute], errors: &mut Vec<syn::Error>) -> Self {
        let mut field = Self::default();
        for_each_key(attributes, |key, meta| {
            match key {
                "rename" => field.rename = one_name(meta, errors)?,
                "default" => field.default = Some(preset(meta)?),
                "flatten" => field.flatten = true,
                "skip" => {
                    field.skip_serializing = Some(meta.path.clone());
                    field.skip_deserializing = true;
                }
                "skip_serializing" => field.skip_serializing = Some(meta.path.clone()),
                "skip_deserializing" => field.skip_deserializing = true,
                "skip_serializing_if" => field.skip_serializing_if = true,
                "with" | "deserialize_with" => field.with = true,
                _ => {}
            }
            Ok(())
        });
        field
    }
}

impl Variant {
    pub(super) fn read(attributes: &[Attribute], errors: &mut Vec<syn::Error>) -> Self {
        let mut variant = Self::default();
        for_each_key(attributes, |key, meta| {
            match key {
                "rename" => variant.rename = one_name(meta, errors)?,
                "skip" | "skip_serializing" | "skip_deserializing" => variant.skip = true,
                "untagged" => variant.untagged = true,
                _ => {}
            }
            Ok(())
        });
        variant
    }
}

/// Calls a function for each key in the serde attributes. It may leave the value unread.
fn for_each_key(
    attributes: &[Attribute],
    mut read: impl FnMut(&str, &ParseNestedMeta) -> syn::Result<()>,
) {
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        // Serde's derive reports what cannot be parsed.
        let _ = attribute.parse_nested_meta(|meta| {
            let key = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
            read(&key, &meta)?;
            while !meta.input.is_empty() && !meta.input.peek(Token![,]) {
                meta.input.parse::<TokenTree>()?;
            }
            Ok(())
        });
    }
}

/// Reads `= "name"` or `(serialize = "name", deserialize = "name")`. Both names have to be one.
fn one_name(meta: &ParseNestedMeta, errors: &mut Vec<syn::Error>) -> syn::Result<Option<String>> {
    if meta.input.peek(Token![=]) {
        return Ok(Some(meta.value()?.parse::<LitStr>()?.value()));
    }
    let (mut written, mut read) = (None, None);
    meta.parse_nested_meta(|side| {
        let name: LitStr = side.value()?.parse()?;
        if side.path.is_ident("serialize") {
            written = Some(name);
        } else if read.is_none() {
            read = Some(name);
        }
        Ok(())
    })?;
    if written.as_ref().map(LitStr::value) != read.as_ref().map(LitStr::value) {
        errors.extend(two_names(written.as_ref(), read.as_ref()));
    }
    Ok(written.map(|name| name.value()))
}

fn two_names(written: Option<&LitStr>, read: Option<&LitStr>) -> Option<syn::Error> {
    let named = |name: Option<&LitStr>| {
        name.map_or_else(|| "another name".to_owned(), |name| format!("`{}`", name.value()))
    };
    let text = format!(
        "written as {} and read as {}: what one state writes, the next could not read\nhelp: use one name for both",
        named(written),
        named(read)
    );
    Some(syn::Error::new(read.or(written)?.span(), text))
}

fn preset(meta: &ParseNestedMeta) -> syn::Result<Preset> {
    if !meta.input.peek(Token![=]) {
        return Ok(Preset::Default);
    }
    meta.value()?.parse::<LitStr>()?.parse().map(Preset::Function)
}
