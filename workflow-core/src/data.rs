//! The data of a workflow: the trait [`Data`], the static description of a type, and [`Json`] for data without a type.
//!
//! The implementations for the types of the standard library are in `data/types.rs`; what data are made of is in
//! [`parts`](crate::parts).

mod types;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Data without a Rust type: paths into it are looked up when the workflow runs and fail as they do on AWS.
pub type Json = serde_json::Value;

/// A value that goes through a workflow: an input, an output, an argument, a variable.
///
/// Derive it beside serde's traits. The derive reads serde's attributes, so a path names a field as JSON does.
///
/// # Example
///
/// ```
/// use serde::{Deserialize, Serialize};
/// use workflow_core::Data;
///
/// #[derive(Clone, Serialize, Deserialize, Data)]
/// #[serde(rename_all = "camelCase")]
/// struct Order {
///     order_id: String,
///     coupon: Option<String>,
/// }
///
/// let fields: Vec<&str> = Order::TYPE.fields().iter().map(|field| field.name).collect();
/// assert_eq!(fields, ["orderId", "coupon"]);
/// ```
///
/// A field that a function of the user writes and reads, by serde's `with`, is to paths and templates what it is in Rust; only the JSON of
/// the whole has it as the function writes it.
///
/// A type whose JSON the derive cannot know says itself how it looks:
///
/// ```
/// use serde::{Deserialize, Serialize};
/// use workflow_core::{Data, Shape, Type, Whole, workflow};
///
/// #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
/// #[serde(into = "String", from = "String")]
/// struct Isbn(String);
///
/// # impl From<Isbn> for String { fn from(isbn: Isbn) -> Self { isbn.0 } }
/// # impl From<String> for Isbn { fn from(text: String) -> Self { Self(text.replace('-', "")) } }
/// impl Data for Isbn {
///     const TYPE: &'static Type =
///         &Type { name: "Isbn", module: module_path!(), parameters: &[], shape: Shape::Text };
///     type Parts = Whole;
/// }
///
/// workflow! {
///     Hand(Isbn) -> Isbn;
///     On: Pass { end }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), workflow_core::ExecutionError> {
/// assert_eq!(Hand::run(Isbn("343222".to_owned())).await?, Isbn("343222".to_owned()));
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot go through a workflow: it does not implement `Data`",
    label = "add `#[derive(Clone, serde::Serialize, serde::Deserialize, workflow_core::Data)]` to `{Self}`"
)]
pub trait Data: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    /// The description of the type.
    const TYPE: &'static Type;

    /// How paths go into it and templates build it. A type that implements the trait by hand is [`Whole`](crate::Whole).
    type Parts;
}

/// What is known of a [`Data`] type while compiling, and what messages say of it.
#[derive(Debug)]
pub struct Type {
    /// Its name as a user writes it, without its path and parameters.
    pub name: &'static str,
    /// The path of the module it is declared in; empty for types of the standard library.
    pub module: &'static str,
    /// The types in its angle brackets, the elements of a tuple.
    pub parameters: &'static [&'static Type],
    /// How it looks as JSON.
    pub shape: Shape,
}

impl Type {
    /// Returns the fields of an object, in the order of their declaration; no fields for any other type.
    #[must_use]
    pub const fn fields(&self) -> &'static [Field] {
        match self.shape {
            Shape::Object(fields) => fields,
            _ => &[],
        }
    }

    /// Returns the variants of an enum; none for any other type.
    #[must_use]
    pub const fn variants(&self) -> &'static [Variant] {
        match self.shape {
            Shape::Enum(variants) => variants,
            _ => &[],
        }
    }

    /// Returns the variant of an enum that has this name in Rust.
    #[must_use]
    pub const fn variant(&self, rust_name: &str) -> Option<&'static Variant> {
        let variants = self.variants();
        let mut position = 0;
        while position < variants.len() {
            if crate::text::same(variants[position].rust_name, rust_name) {
                return Some(&variants[position]);
            }
            position += 1;
        }
        None
    }
}

impl PartialEq for Type {
    fn eq(&self, other: &Self) -> bool {
        crate::check::same_type(self, other)
    }
}

impl std::fmt::Display for Type {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut text = crate::text::Text::new();
        text = text.ty(self);
        f.write_str(text.as_str())
    }
}

/// How a type looks as JSON.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean,
    /// An integer with its least and greatest value.
    Integer(i128, i128),
    /// A number with a fraction.
    Float,
    /// Text.
    Text,
    /// Text that is a timestamp in RFC 3339.
    Timestamp,
    /// `null` or its parameter.
    Option,
    /// An array of its parameter.
    List,
    /// An object whose keys are not known while compiling, of values of its parameter.
    Map,
    /// An array of its parameters, one each.
    Tuple,
    /// An object with known fields.
    Object(&'static [Field]),
    /// A type of its own that looks as another one: `struct OrderId(String)`.
    Newtype(&'static Type),
    /// One of several variants.
    Enum(&'static [Variant]),
    /// Anything: [`Json`].
    Json,
}

/// A field of an object.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its name in JSON.
    pub name: &'static str,
    /// Its name in Rust.
    pub rust_name: &'static str,
    /// Whether an object without it is not a value of the type.
    pub required: bool,
    /// Whether JSON leaves it out where it is absent, as `#[serde(skip_serializing_if = ..)]` says.
    pub omitted: bool,
    /// For a field with `#[serde(flatten)]`, the type whose fields stand in its place.
    pub flattened: Option<&'static Type>,
}

/// A variant of an enum.
#[derive(Debug, Clone, Copy)]
pub struct Variant {
    /// Its name in JSON.
    pub name: &'static str,
    /// Its name in Rust.
    pub rust_name: &'static str,
    /// Whether its JSON is its name alone: it carries no data, and the enum has no tag.
    pub unit: bool,
    /// The fields of its data, by their numbers where they have no names; not those that serde skips.
    pub fields: &'static [Field],
}

/// An enum, of whose value a Choice state asks the variant.
#[doc(hidden)]
pub trait Enumeration {
    /// The position of the value's variant in [`Type::variants`].
    fn variant(&self) -> usize;
}

/// Describes a field.
#[doc(hidden)]
#[must_use]
pub const fn field(name: &'static str, rust_name: &'static str, required: bool) -> Field {
    Field { name, rust_name, required, omitted: false, flattened: None }
}

/// Describes a field with `#[serde(skip_serializing_if = ..)]`.
#[doc(hidden)]
#[must_use]
pub const fn omitted_field(name: &'static str, rust_name: &'static str, required: bool) -> Field {
    Field { name, rust_name, required, omitted: true, flattened: None }
}

/// Describes a field with `#[serde(flatten)]`.
#[doc(hidden)]
#[must_use]
pub const fn flattened_field<T: Data>(
    name: &'static str,
    rust_name: &'static str,
    required: bool,
) -> Field {
    Field { name, rust_name, required, omitted: false, flattened: Some(T::TYPE) }
}

/// Describes a struct with named fields.
#[doc(hidden)]
#[must_use]
pub const fn object(
    name: &'static str,
    module: &'static str,
    parameters: &'static [&'static Type],
    fields: &'static [Field],
) -> Type {
    Type { name, module, parameters, shape: Shape::Object(fields) }
}

/// Returns the description of a type.
#[doc(hidden)]
#[must_use]
pub const fn described<T: Data>() -> &'static Type {
    T::TYPE
}
