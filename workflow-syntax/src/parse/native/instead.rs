//! What to write where another language, Rust above all, has something that the notation has not.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{LitInt, Token, token};

use crate::parse::Expression;

/// Reads a comma; where there is none, the error says what to write instead of what is there.
pub(super) fn comma_or_help(input: ParseStream<'_>) -> syn::Result<()> {
    match input.parse::<Token![,]>() {
        Ok(_) => Ok(()),
        Err(_) => Err(input.error(format!("expected `,`{}", after_a_value(input)))),
    }
}

fn after_a_value(input: ParseStream<'_>) -> &'static str {
    if input.peek(Token![.]) && input.peek2(Token![await]) {
        "\nhelp: a task is called without `.await`"
    } else if input.peek(Token![.]) || input.peek(token::Paren) {
        "\nhelp: there are no methods, but intrinsic functions such as `array_length($.items)`; a variant stands after `::`"
    } else if input.peek(Token![?]) {
        "\nhelp: `?` stands in a path alone, as in `$.coupon?`; what follows the errors of a task, `catch` says"
    } else if input.peek(Token![as]) {
        "\nhelp: there is no `as`: a number goes into a wider type without it"
    } else if input.peek(Token![!]) {
        "\nhelp: there are no macros; text is made by `format(\"{} left\", $.count)`, and a list is `[1, 2]`"
    } else {
        ""
    }
}

/// The operator to write after a condition where another language has another one.
pub(super) fn operator_instead(input: ParseStream<'_>) -> &'static str {
    let word = word(input);
    let is_word = |other: &str| word.as_ref().is_some_and(|word| word == other);
    if input.peek(Token![.]) {
        "\nhelp: a variant stands after `::`, as in `Status::Paid`; there are no methods"
    } else if input.peek(Token![->]) {
        "\nhelp: a rule leads to its state with `=>`"
    } else if input.peek(Token![=]) {
        "\nhelp: two values are compared with `==`"
    } else if input.peek(Token![&]) || is_word("and") {
        "\nhelp: both of two conditions are asked with `&&`"
    } else if input.peek(Token![|]) || is_word("or") {
        "\nhelp: either of two conditions is asked with `||`"
    } else {
        ""
    }
}

/// What stands after the dot of a path in place of the name of a field.
pub(super) fn of_a_field(input: ParseStream<'_>, error: syn::Error) -> syn::Error {
    let help = match input.fork().parse::<LitInt>() {
        Ok(index) => format!(
            "\nhelp: an element of a list is `[{index}]`; what a newtype holds is read off its JSON, `json(..)`"
        ),
        Err(_) => String::new(),
    };
    syn::Error::new(error.span(), format!("expected a field name after `.`{help}"))
}

/// What stands in a variant in place of a value: a pattern of Rust.
///
/// # Errors
///
/// That there are no patterns.
pub(super) fn of_a_pattern(input: ParseStream<'_>) -> syn::Result<()> {
    if !input.peek(Token![_]) && !input.peek(Token![..]) {
        return Ok(());
    }
    Err(input.error("there are no patterns, and nothing is taken from another value\nhelp: a variant is asked for by its name alone, as in `$ == Payment::Card`; of a new value all fields are written"))
}

/// What begins a condition in another language.
///
/// # Errors
///
/// The word that there is not, and what is written instead.
pub(super) fn of_a_condition(input: ParseStream<'_>) -> syn::Result<()> {
    let Some(word) = word(input) else { return Ok(()) };
    let help = match word.to_string().as_str() {
        "not" if !input.peek2(Token![=>]) => "the opposite of a condition is asked with `!`",
        "match" => "write a rule for each variant, as in `$.status == Status::Paid => Ship`",
        "if" | "else" => {
            "a rule is a condition and the state that it leads to, `$.total > 100 => Approve`, and the last one is `_ => Ship`"
        }
        "default" => "the default of a Choice state is its last rule, `_ => Ship`",
        _ => return Ok(()),
    };
    Err(syn::Error::new(word.span(), format!("there is no `{word}` here\nhelp: {help}")))
}

/// What stands in the braces of a rule in place of fields: the arms of a `match`, or rules.
///
/// # Errors
///
/// That a rule leads to one state.
pub(super) fn of_the_fields_of_a_rule(input: ParseStream<'_>) -> syn::Result<()> {
    // Where it is a word, it may be the name of a field without its colon.
    let is_field = word(input).is_some_and(|word| word != "_") && input.peek2(Token![=>]);
    let fork = input.fork();
    let is_condition = fork.parse::<Option<Token![_]>>().is_ok_and(|default| default.is_some())
        || fork.parse::<Expression>().is_ok();
    if is_field || !is_condition || !fork.peek(Token![=>]) {
        return Ok(());
    }
    Err(input.error("a rule leads to one state, and has no rules in it\nhelp: write a rule for each variant, as in `$.status == Status::Paid => Ship`, and `&&` between conditions"))
}

/// What stands after the types of a workflow in place of a semicolon.
pub(super) fn of_the_end_of_the_head(input: ParseStream<'_>, error: syn::Error) -> syn::Error {
    if !input.peek(token::Brace) {
        return error;
    }
    let text = "expected `;`\nhelp: the head ends with a semicolon, and the states follow it without braces around them";
    syn::Error::new(error.span(), text)
}

/// What stands in the types of a workflow in place of a comma.
pub(super) fn of_types(input: ParseStream<'_>, error: syn::Error) -> syn::Error {
    if !input.peek(Token![:]) {
        return error;
    }
    let text = "expected `,`\nhelp: the input has no name: write its type alone, and `$` for it in the states";
    syn::Error::new(error.span(), text)
}

/// The word that stands next, a keyword or not.
fn word(input: ParseStream<'_>) -> Option<Ident> {
    input.fork().call(Ident::parse_any).ok()
}
