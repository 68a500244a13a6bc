//! Values: templates and literals, constants, operators, and the way between types and JSON.

use serde::{Deserialize, Serialize};
use serde_json::json;
use workflow_core::{Data, Json, task, workflow};

use crate::order::{Address, Line, Order, Receipt, bill, order, receipt};
use crate::support::{echo, failure};

#[tokio::test]
async fn a_template_makes_a_type_and_its_optional_fields_may_be_left_out() {
    workflow! {
        Flow(Order) -> Order;
        A: Pass { output: { "id": 1, "unitPrice": $.unitPrice, "address": { "city": "Ulm" } }, end }
    }
    assert_eq!(Flow::run(order()).await.unwrap(), Order { id: 1, ..order() });
}

#[tokio::test]
async fn a_template_makes_nested_lists_and_optional_objects() {
    workflow! {
        Flow(Order) -> Order;
        A: Pass {
            output: {
                "id": $.id,
                "unitPrice": 2,
                "address": { "city": $.address.city, "zip": "89" },
                "receipt": { "number": 3, "lines": [{ "text": "x", "amount": -5 }, { "text": "y", "amount": 2 + 3 }] },
            },
            end,
        }
    }
    let made = Flow::run(order()).await.unwrap();
    assert_eq!(made.address.zip.as_deref(), Some("89"));
    let line = |text: &str, amount| Line { text: text.to_owned(), amount };
    assert_eq!(made.receipt.unwrap().lines, [line("x", -5), line("y", 5)]);
}

#[tokio::test]
async fn a_struct_literal_has_rust_names() {
    workflow! {
        Flow(Order) -> Order;
        A: Pass {
            output: Order {
                id: $.id,
                unit_price: $.unitPrice * 2,
                address: Address { city: "Ulm", zip: null },
                receipt: Some(Receipt { number: 1, lines: [] }),
            },
            end,
        }
    }
    let made = Flow::run(order()).await.unwrap();
    assert_eq!(made.unit_price, 5.0);
    assert_eq!(made.receipt, Some(Receipt { number: 1, lines: vec![] }));
}

#[tokio::test]
async fn a_template_without_a_type_is_json() {
    workflow! {
        Flow(Order) -> Json;
        A: Pass { result: { "all": $, "none": null, "empty": {}, "list": [] }, next: B }
        B: Pass { output: { "id": $.all.id, "rest": [$.none, $.empty, $.list] }, end }
    }
    assert_eq!(Flow::run(order()).await.unwrap(), json!({ "id": 7, "rest": [null, {}, []] }));
}

#[tokio::test]
async fn a_number_goes_into_a_wider_type() {
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Data)]
    struct Narrow {
        byte: u8,
        short: i16,
        single: f32,
        word: u32,
    }
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Data)]
    struct Wide {
        byte: u64,
        short: i64,
        single: f64,
        word: f64,
    }
    workflow! {
        Flow(Narrow) -> Wide;
        A: Pass { output: { "byte": $.byte, "short": $.short, "single": $.single, "word": $.word }, end }
    }
    assert_eq!(
        Flow::run(Narrow { byte: 255, short: -3, single: 0.5, word: 4_000_000_000 }).await.unwrap(),
        Wide { byte: 255, short: -3, single: 0.5, word: 4e9 }
    );
}

#[tokio::test]
async fn json_is_read_as_the_type_of_its_place() {
    workflow! {
        Flow(Json) -> Receipt;
        A: Task { call: bill($.id), end }
    }
    assert_eq!(Flow::run(json!({ "id": 3 })).await.unwrap(), receipt(3));
    let (error, cause) = failure(Flow::run(json!({ "id": "three" })).await);
    assert_eq!(error, "States.Runtime");
    assert!(cause.contains("cannot be read as `u32`"), "{cause}");
}

#[tokio::test]
async fn json_is_read_as_the_output_of_the_workflow() {
    workflow! {
        Flow(Json) -> Order;
        A: Pass { end }
    }
    assert_eq!(Flow::run(serde_json::to_value(order()).unwrap()).await.unwrap(), order());
    let (error, cause) = failure(Flow::run(json!({ "id": 1 })).await);
    assert_eq!(error, "States.Runtime");
    assert!(cause.contains("`Order`") && cause.contains("unitPrice"), "{cause}");
}

#[tokio::test]
async fn a_typed_value_goes_through_json_and_comes_back() {
    workflow! {
        Flow(Order) -> Order;
        A: Task { call: echo($), next: B }
        B: Task { call: echo($), end }
    }
    assert_eq!(Flow::run(order()).await.unwrap(), order());
}

#[tokio::test]
async fn text_numbers_and_operators_are_expressions() {
    workflow! {
        Flow(Order) -> Json;
        A: Pass {
            output: {
                "sum": $.id + 1,
                "price": $.unitPrice * 2 - 1,
                "name": $.address.city + "!",
                "rest": $.id % 4,
                "half": $.id / 2,
                "negative": -1,
                "big": $.id > 5 && $.address.city == "Ulm",
            },
            end,
        }
    }
    assert_eq!(
        Flow::run(order()).await.unwrap(),
        json!({ "sum": 8, "price": 4.0, "name": "Ulm!", "rest": 3, "half": 3, "negative": -1, "big": true })
    );
}

#[tokio::test]
async fn arithmetic_that_has_no_result_fails_the_execution() {
    workflow! {
        Flow(u32) -> u32;
        A: Pass { output: 10 / $, end }
    }
    assert_eq!(Flow::run(5).await.unwrap(), 2);
    assert_eq!(failure(Flow::run(0).await).0, "States.Runtime");
}

#[tokio::test]
async fn a_constant_of_rust_is_a_value() {
    const LIMIT: u32 = 12;
    workflow! {
        Flow(u32) -> u32;
        A: Pass { output: LIMIT, end }
    }
    assert_eq!(Flow::run(0).await.unwrap(), 12);
}

#[tokio::test]
async fn a_variant_of_an_enum_is_a_value() {
    #[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, Data)]
    enum Size {
        Small,
        Large,
    }
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Data)]
    struct Sizes {
        one: Option<Size>,
        list: Vec<Size>,
    }
    workflow! {
        Flow(u32) -> Sizes;
        A: Pass { output: { "one": Size::Small, "list": ["Small", Size::Large] }, end }
    }
    assert_eq!(
        Flow::run(0).await.unwrap(),
        Sizes { one: Some(Size::Small), list: vec![Size::Small, Size::Large] }
    );
}

#[tokio::test]
async fn fields_that_serde_fills_in_may_be_left_out() {
    fn five() -> u32 {
        5
    }
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Data)]
    #[serde(rename_all = "camelCase")]
    struct Filled {
        #[serde(default)]
        by_default: u32,
        #[serde(default = "five")]
        by_function: u32,
        #[serde(skip)]
        skipped: u32,
        given: u32,
    }
    workflow! {
        Flow(u32) -> Filled;
        A: Pass { output: { "given": $ }, end }
    }
    assert_eq!(
        Flow::run(1).await.unwrap(),
        Filled { by_default: 0, by_function: 5, skipped: 0, given: 1 }
    );
}

#[tokio::test]
async fn nothing_a_tuple_and_an_option_are_inputs_and_outputs() {
    workflow! {
        Nothing(()) -> ();
        A: Pass { end }
    }
    workflow! {
        Tuple((u32, String)) -> String;
        A: Pass { output: $[1], end }
    }
    workflow! {
        Optional(u32) -> Option<u32>;
        A: Choice { $ > 1 => B, _ => C }
        B: Pass { output: Some($), end }
        C: Pass { output: null, end }
    }
    Nothing::run(()).await.unwrap();
    assert_eq!(Tuple::run((1, "x".to_owned())).await.unwrap(), "x");
    assert_eq!(Optional::run(2).await.unwrap(), Some(2));
    assert_eq!(Optional::run(1).await.unwrap(), None);
}

#[tokio::test]
async fn literals_keep_every_digit_and_letter() {
    workflow! {
        Flow(()) -> Json;
        A: Pass { output: [18446744073709551615, -9223372036854775808, 0x1F, 1_000, 1e3, "q\"\\\n\u{1F600}", r#"a"\b"#], end }
    }
    assert_eq!(
        Flow::run(()).await.unwrap(),
        json!([u64::MAX, i64::MIN, 31, 1000, 1000.0, "q\"\\\n\u{1F600}", "a\"\\b"])
    );
}

#[tokio::test]
async fn an_array_goes_into_a_list_that_may_be_absent() {
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Data)]
    struct Tagged {
        tags: Option<Vec<String>>,
    }
    workflow! {
        Flow(String) -> Tagged;
        Tag: Pass { output: { "tags": [$, "new"] }, end }
    }
    let tagged = Flow::run("book".to_owned()).await.unwrap();
    assert_eq!(tagged.tags, Some(vec!["book".to_owned(), "new".to_owned()]));
}

#[tokio::test]
async fn a_constant_goes_into_the_type_of_its_place() {
    const NAME: &str = "Ada";
    const COUNT: u8 = 3;
    const TAGS: &[&str] = &["new"];
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Data)]
    struct Made {
        tags: Vec<String>,
        name: String,
        nick: Option<String>,
        count: u64,
        any: Json,
    }
    #[task]
    async fn greet(name: String) -> String {
        format!("Hello, {name}!")
    }
    workflow! {
        Flow(Json) -> Made;
        Greet: Task { call: greet(NAME), assign: { most: COUNT }, next: Make }
        Make: Pass { output: Made { tags: TAGS, name: $, nick: NAME, count: COUNT, any: $most }, end }
    }
    let made = Flow::run(Json::Null).await.unwrap();
    assert_eq!((made.name.as_str(), made.nick.as_deref()), ("Hello, Ada!", Some("Ada")));
    assert_eq!((made.count, made.any), (3, json!(3)));
    assert_eq!(made.tags, TAGS);
}

#[tokio::test]
async fn text_without_a_type_is_joined_and_no_number_is_made_of_it() {
    workflow! {
        Flow(Json) -> Json;
        Join: Pass { output: $.first + $.second, end }
    }
    let joined = Flow::run(json!({ "first": "a", "second": "b" })).await.unwrap();
    assert_eq!(joined, "ab");
    assert_eq!(Flow::run(json!({ "first": 1, "second": 2 })).await.unwrap(), 3);
    let (error, cause) = failure(Flow::run(json!({ "first": "1", "second": 2 })).await);
    assert_eq!((error.as_str(), cause.as_str()), ("States.Runtime", "\"1\" + 2 has no result"));
}

#[tokio::test]
async fn a_constant_in_an_operation_has_the_type_of_the_other_side() {
    const STEP: u8 = 5;
    const GREETING: &str = "Hello, ";
    workflow! {
        Flow(u32) -> u32;
        A: Pass { output: $ + STEP, end }
    }
    workflow! {
        Greet(String) -> String;
        A: Pass { output: GREETING + $, end }
    }
    assert_eq!(Flow::run(2).await.unwrap(), 7);
    assert_eq!(Greet::run("Ada".to_owned()).await.unwrap(), "Hello, Ada");
}

#[tokio::test]
async fn a_field_named_by_a_keyword_is_written_as_in_rust() {
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Data)]
    struct Event {
        r#type: String,
    }
    workflow! {
        Flow(Event) -> Event;
        A: Pass { output: Event { r#type: format("{}!", $.type) }, end }
    }
    let event = |text: &str| Event { r#type: text.to_owned() };
    assert_eq!(Flow::run(event("paid")).await.unwrap(), event("paid!"));
}

#[tokio::test]
async fn a_literal_makes_a_variant_a_tuple_struct_and_a_newtype() {
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Data)]
    struct OrderId(String, #[serde(skip)] u8);
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Data)]
    struct Price(u32, Option<String>);
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Data)]
    enum Payment {
        Cash,
        #[serde(skip)]
        #[expect(dead_code, reason = "the positions of the others are without it")]
        Lost,
        Card {
            order: OrderId,
            r#type: Option<String>,
            #[serde(default)]
            tip: u8,
        },
        Bank(String, f64),
        Other(Json),
        #[expect(clippy::upper_case_acronyms, reason = "a user may write one")]
        IBAN(#[serde(skip, default = "two")] u8, String),
    }
    const fn two() -> u8 {
        2
    }
    workflow! {
        Flow(Json) -> (Payment, Payment, Payment, Payment, Payment, Price);
        All: Parallel {
            branches: [
                { A: Pass { output: Payment::Card { order: OrderId(format("{}", $.id)), r#type: "debit" }, end } },
                { B: Pass { output: Payment::Bank($.iban, 2), end } },
                { C: Pass { output: Payment::Other({ "paid": true }), end } },
                { D: Pass { output: Payment::Cash, end } },
                { F: Pass { output: Payment::IBAN($.iban), end } },
                { E: Pass { output: Price(5, "EUR"), end } },
            ],
            end,
        }
    }
    let order = OrderId("7".to_owned(), 0);
    assert_eq!(
        Flow::run(json!({ "id": 7, "iban": "DE1" })).await.unwrap(),
        (
            Payment::Card { order, r#type: Some("debit".to_owned()), tip: 0 },
            Payment::Bank("DE1".to_owned(), 2.0),
            Payment::Other(json!({ "paid": true })),
            Payment::Cash,
            Payment::IBAN(2, "DE1".to_owned()),
            Price(5, Some("EUR".to_owned())),
        )
    );
    let (error, cause) = failure(Flow::run(json!({ "id": 7, "iban": 4711 })).await);
    assert_eq!(error, "States.Runtime");
    assert!(cause.contains("cannot be read as `String`"), "{cause}");
}

#[tokio::test]
async fn what_a_transparent_newtype_skips_is_what_serde_says() {
    const fn two() -> u8 {
        2
    }
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Data)]
    #[serde(transparent)]
    struct Id(String, #[serde(skip, default = "two")] u8);
    workflow! {
        Flow(String) -> Id;
        A: Pass { output: Id($), end }
    }
    assert_eq!(Flow::run("7".to_owned()).await.unwrap(), Id("7".to_owned(), 2));
}

#[tokio::test]
async fn a_literal_of_a_generic_type_names_its_types() {
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Data)]
    struct Page<T> {
        items: Vec<T>,
        next: Option<String>,
    }
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Data)]
    enum Answer<T> {
        Found(T),
        None,
    }
    const NAMES: [&str; 2] = ["Ada", "Grace"];
    workflow! {
        Flow(u32) -> (Page<u32>, Answer<u32>, bool);
        All: Parallel {
            branches: [
                { A: Pass { output: Page::<u32> { items: [$, 2], next: null }, end } },
                { B: Pass { output: Answer::<u32>::Found($), end } },
                { C: Pass { output: array_contains(NAMES, "Ada"), end } },
            ],
            end,
        }
    }
    assert_eq!(
        Flow::run(1).await.unwrap(),
        (Page { items: vec![1, 2], next: None }, Answer::Found(1), true)
    );
    workflow! {
        Ask(Answer<u32>) -> bool;
        Ask: Choice { $ == Answer::<u32>::None => No, _ => Yes }
        Yes: Pass { output: true, end }
        No: Pass { output: false, end }
    }
    assert!(!Ask::run(Answer::None).await.unwrap());
    assert!(Ask::run(Answer::Found(1)).await.unwrap());
}
