//! `Data` for the types of the standard library, for `Json` and for timestamps.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;

use jiff::Timestamp;

use super::{Data, Json, Shape, Type};
use crate::parts::{Boxed, Dynamic, Elements, List, Named, Optional, Whole};

macro_rules! scalar {
    ($($type:ty: $name:literal, $shape:expr, $parts:ty;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl Data for $type {
            const TYPE: &'static Type = &Type { name: $name, module: "", parameters: &[], shape: $shape };
            type Parts = $parts;
        }
    )*};
}

scalar! {
    (): "()", Shape::Null, Whole;
    bool: "bool", Shape::Boolean, Whole;
    i8: "i8", Shape::Integer(i8::MIN as i128, i8::MAX as i128), Whole;
    i16: "i16", Shape::Integer(i16::MIN as i128, i16::MAX as i128), Whole;
    i32: "i32", Shape::Integer(i32::MIN as i128, i32::MAX as i128), Whole;
    i64: "i64", Shape::Integer(i64::MIN as i128, i64::MAX as i128), Whole;
    isize: "isize", Shape::Integer(isize::MIN as i128, isize::MAX as i128), Whole;
    u8: "u8", Shape::Integer(0, u8::MAX as i128), Whole;
    u16: "u16", Shape::Integer(0, u16::MAX as i128), Whole;
    u32: "u32", Shape::Integer(0, u32::MAX as i128), Whole;
    u64: "u64", Shape::Integer(0, u64::MAX as i128), Whole;
    usize: "usize", Shape::Integer(0, usize::MAX as i128), Whole;
    f32: "f32", Shape::Float, Whole;
    f64: "f64", Shape::Float, Whole;
    String: "String", Shape::Text, Whole;
    Timestamp: "Timestamp", Shape::Timestamp, Whole;
    Json: "Json", Shape::Json, Dynamic;
}

macro_rules! generic {
    ($($type:ident: $name:literal, $shape:expr, $parts:ty;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<T: Data> Data for $type<T> {
            const TYPE: &'static Type =
                &Type { name: $name, module: "", parameters: &[T::TYPE], shape: $shape };
            type Parts = $parts;
        }
    )*};
}

generic! {
    Option: "Option", Shape::Option, Optional<T>;
    Vec: "Vec", Shape::List, List;
}

#[diagnostic::do_not_recommend]
impl<T: Data> Data for Box<T> {
    const TYPE: &'static Type =
        &Type { name: "Box", module: "", parameters: &[T::TYPE], shape: T::TYPE.shape };
    type Parts = Boxed<T>;
}

#[diagnostic::do_not_recommend]
impl<T: Data> Data for BTreeMap<String, T> {
    const TYPE: &'static Type = &Type {
        name: "BTreeMap",
        module: "",
        parameters: &[String::TYPE, T::TYPE],
        shape: Shape::Map,
    };
    type Parts = Named;
}

#[diagnostic::do_not_recommend]
impl<T: Data, S: BuildHasher + Default + Clone + Send + Sync + 'static> Data
    for HashMap<String, T, S>
{
    const TYPE: &'static Type = &Type {
        name: "HashMap",
        module: "",
        parameters: &[String::TYPE, T::TYPE],
        shape: Shape::Map,
    };
    type Parts = Named;
}

macro_rules! tuple {
    ($($parameter:ident)+) => {
        #[diagnostic::do_not_recommend]
        impl<$($parameter: Data),+> Data for ($($parameter,)+) {
            const TYPE: &'static Type =
                &Type { name: "", module: "", parameters: &[$($parameter::TYPE),+], shape: Shape::Tuple };
            type Parts = Elements;
        }
    };
}

tuple!(A);
tuple!(A B);
tuple!(A B C);
tuple!(A B C D);
tuple!(A B C D E);
tuple!(A B C D E F);
tuple!(A B C D E F G);
tuple!(A B C D E F G H);
tuple!(A B C D E F G H I);
tuple!(A B C D E F G H I J);
tuple!(A B C D E F G H I J K);
tuple!(A B C D E F G H I J K L);
tuple!(A B C D E F G H I J K L M);
tuple!(A B C D E F G H I J K L M N);
tuple!(A B C D E F G H I J K L M N O);
tuple!(A B C D E F G H I J K L M N O P);
