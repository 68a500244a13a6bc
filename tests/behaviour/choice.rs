//! Choice states: what their rules ask, and what they do.

use serde::{Deserialize, Serialize};
use serde_json::json;
use workflow_core::{Data, Json, Timestamp, workflow};

use crate::support::failure;

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, Data)]
#[serde(rename_all = "lowercase")]
enum Status {
    Open,
    Paid,
    Refused,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Data)]
struct Order {
    total: i64,
    price: f64,
    name: String,
    express: bool,
    status: Status,
    coupon: Option<String>,
    at: Timestamp,
}

fn order() -> Order {
    Order {
        total: 10,
        price: 2.5,
        name: "book-1.txt".to_owned(),
        express: true,
        status: Status::Paid,
        coupon: None,
        at: "2026-03-14T01:59:00Z".parse().unwrap(),
    }
}

/// Makes a workflow that says whether a condition holds, and asserts that it does or does not.
macro_rules! holds {
    ($input:expr, $ty:ty, $expected:expr, $($condition:tt)+) => {{
        workflow! {
            Flow($ty) -> bool;
            Ask: Choice { $($condition)+ => Yes, _ => No }
            Yes: Pass { output: true, end }
            No: Pass { output: false, end }
        }
        assert_eq!(Flow::run($input).await.unwrap(), $expected, stringify!($($condition)+));
    }};
}

#[tokio::test]
async fn typed_data_are_compared() {
    holds!(order(), Order, true, $.total == 10);
    holds!(order(), Order, false, $.total != 10);
    holds!(order(), Order, true, $.total < 11);
    holds!(order(), Order, true, $.total <= 10);
    holds!(order(), Order, false, $.total > 10);
    holds!(order(), Order, true, $.total >= 10);
    holds!(order(), Order, true, $.total > -1);
    holds!(order(), Order, true, 9 < $.total);
    holds!(order(), Order, true, $.price > 2);
    holds!(order(), Order, true, $.price == 2.5);
    holds!(order(), Order, true, $.total > 9.5);
    holds!(order(), Order, true, $.total > $.price);
    holds!(order(), Order, true, $.total * 2 > $.total + 9);
    holds!(order(), Order, true, $.name == "book-1.txt");
    holds!(order(), Order, true, $.name < "c");
    holds!(order(), Order, true, $.express);
    holds!(order(), Order, false, !$.express);
    holds!(order(), Order, true, $.express == true);
    holds!(order(), Order, true, $.status == Status::Paid);
    holds!(order(), Order, true, $.status != Status::Open);
}

#[tokio::test]
async fn json_is_compared_and_a_comparison_of_different_types_does_not_hold() {
    let data = json!({ "n": 10, "f": 2.5, "s": "abc", "b": true, "z": null });
    holds!(data.clone(), Json, true, $.n == 10);
    holds!(data.clone(), Json, true, $.n == 10.0);
    holds!(data.clone(), Json, true, $.n > $.f);
    holds!(data.clone(), Json, true, $.f >= 2);
    holds!(data.clone(), Json, true, $.s == "abc");
    holds!(data.clone(), Json, true, $.s > "abb");
    holds!(data.clone(), Json, true, $.b == true);
    holds!(data.clone(), Json, true, $.b);
    holds!(data.clone(), Json, false, $.s == 10);
    holds!(data.clone(), Json, false, $.n == "10");
    holds!(data.clone(), Json, false, $.n < $.s);
    holds!(data.clone(), Json, true, $.z == null);
    holds!(data, Json, true, $.n != null);
}

#[tokio::test]
async fn conditions_are_combined() {
    holds!(order(), Order, true, $.total > 5 && $.price < 3);
    holds!(order(), Order, true, $.total > 50 || $.price < 3);
    holds!(order(), Order, true, !($.total > 50 || $.price > 3));
    holds!(order(), Order, true, $.total > 50 && $.express || $.price < 3);
    holds!(order(), Order, false, $.total > 50 && ($.express || $.price < 3));
}

#[tokio::test]
async fn text_matches_a_pattern() {
    holds!(order(), Order, true, string_matches($.name, "book-*.txt"));
    holds!(order(), Order, false, string_matches($.name, "*.csv"));
    holds!(json!({ "f": "2*3" }), Json, true, string_matches($.f, "2\\*3"));
    holds!(json!({ "f": 5 }), Json, false, string_matches($.f, "*"));
}

#[tokio::test]
async fn presence_null_and_types_are_asked() {
    holds!(order(), Order, false, is_present($.coupon));
    holds!(order(), Order, true, is_null($.coupon));
    holds!(order(), Order, false, is_present($.coupon) && $.coupon? == "TEN");
    let data = json!({ "z": null, "s": "x", "n": 1.5, "b": false, "t": "2026-03-14T01:59:00Z" });
    holds!(data.clone(), Json, true, is_present($.z));
    holds!(data.clone(), Json, false, is_present($.no));
    holds!(data.clone(), Json, false, is_present($.no.way));
    holds!(data.clone(), Json, true, !is_present($.no));
    holds!(data.clone(), Json, true, is_null($.z));
    holds!(data.clone(), Json, false, is_null($.s));
    holds!(data.clone(), Json, true, is_string($.s));
    holds!(data.clone(), Json, true, is_numeric($.n));
    holds!(data.clone(), Json, true, is_boolean($.b));
    holds!(data.clone(), Json, true, is_timestamp($.t));
    holds!(data.clone(), Json, false, is_timestamp($.s));
    holds!(data, Json, false, is_present($.no) && $.no > 5);
}

#[tokio::test]
async fn timestamps_are_compared_in_time() {
    holds!(order(), Order, true, $.at == "2026-03-14T02:59:00+01:00");
    holds!(order(), Order, true, $.at < "2026-03-14T02:00:00Z");
    holds!(order(), Order, true, $.at >= $.at);
    let data = json!({ "a": "2026-03-14T02:59:00+01:00", "b": "2026-03-14T02:00:00Z" });
    holds!(data.clone(), Json, true, timestamp($.a) < timestamp($.b));
    holds!(data.clone(), Json, true, timestamp($.a) == timestamp("2026-03-14T01:59:00Z"));
    holds!(data, Json, true, timestamp($.a) < "2026-03-14T02:00:00Z");
}

#[tokio::test]
async fn a_missing_path_fails_the_execution() {
    workflow! {
        Flow(Json) -> Json;
        Ask: Choice { $.a.b > 1 => Done, _ => Done }
        Done: Succeed {}
    }
    assert_eq!(
        failure(Flow::run(json!({})).await),
        (
            "States.Runtime".to_owned(),
            "Invalid path '$.a.b' : Missing property in path $['a']".to_owned()
        )
    );
}

#[tokio::test]
async fn rules_over_an_enum_need_no_default() {
    workflow! {
        Flow(Order) -> String;
        Ask: Choice {
            $.status == Status::Open || $.status == Status::Refused => NotPaid,
            $.status == Status::Paid => Paid,
        }
        NotPaid: Pass { output: "not paid", end }
        Paid: Pass { output: "paid", end }
    }
    assert_eq!(Flow::run(order()).await.unwrap(), "paid");
    assert_eq!(Flow::run(Order { status: Status::Refused, ..order() }).await.unwrap(), "not paid");
}

#[tokio::test]
async fn the_first_rule_that_holds_is_taken() {
    workflow! {
        Flow(i64) -> String;
        Ask: Choice { $ > 100 => High, $ > 10 => Middle, _ => Low }
        High: Pass { output: "high", end }
        Middle: Pass { output: "middle", end }
        Low: Pass { output: "low", end }
    }
    let mut sizes = Vec::new();
    for n in [101, 100, 10] {
        sizes.push(Flow::run(n).await.unwrap());
    }
    assert_eq!(sizes, ["high", "middle", "low"]);
}

#[tokio::test]
async fn a_rule_assigns_and_makes_its_output() {
    workflow! {
        Flow(i64) -> Json;
        Ask: Choice {
            $ > 100 => { assign: { size: "high" }, output: $ - 100, next: Done },
            _ => { assign: { size: "low" }, output: $ * 2, next: Done },
        }
        Done: Pass { output: { "size": $size, "n": $ }, end }
    }
    assert_eq!(Flow::run(101).await.unwrap(), json!({ "size": "high", "n": 1 }));
    assert_eq!(Flow::run(3).await.unwrap(), json!({ "size": "low", "n": 6 }));
}

#[tokio::test]
async fn the_assign_and_output_of_a_choice_are_those_of_its_default() {
    workflow! {
        Flow(i64) -> Json;
        Start: Pass { assign: { size: "none" }, next: Ask }
        Ask: Choice {
            assign: { size: "low" },
            output: $ * 2,
            $ > 100 => Done,
            _ => Done,
        }
        Done: Pass { output: { "size": $size, "n": $ }, end }
    }
    assert_eq!(Flow::run(101).await.unwrap(), json!({ "size": "none", "n": 101 }));
    assert_eq!(Flow::run(3).await.unwrap(), json!({ "size": "low", "n": 6 }));
}

#[tokio::test]
async fn a_choice_hands_on_its_effective_input() {
    workflow! {
        Flow(Json) -> Json;
        Ask: Choice { input_path: $.in, output_path: $.m, $.n > 1 => Done, _ => Done }
        Done: Succeed {}
    }
    assert_eq!(Flow::run(json!({ "in": { "n": 2, "m": 3 } })).await.unwrap(), json!(3));
}

#[tokio::test]
async fn rules_that_are_opposites_need_no_default() {
    workflow! {
        Flow(bool) -> String;
        Ask: Choice { $ => Yes, !$ => No }
        Yes: Pass { output: "yes", end }
        No: Pass { output: "no", end }
    }
    assert_eq!(Flow::run(true).await.unwrap(), "yes");
    assert_eq!(Flow::run(false).await.unwrap(), "no");

    workflow! {
        Orders(u32) -> String;
        Ask: Choice { $ > 10 => More, 5 <= $ => Some, 5 > $ => Few }
        More: Pass { output: "more", end }
        Some: Pass { output: "some", end }
        Few: Pass { output: "few", end }
    }
    workflow! {
        Untyped(Json) -> Json;
        Ask: Choice {
            $.n < 10 => Done,
            $.n >= 10 => Done,
            is_present($.n) => Done,
            !is_present($.n) => Done,
        }
        Done: Succeed {}
    }
    assert_eq!(Untyped::run(json!({ "n": "ten" })).await.unwrap(), json!({ "n": "ten" }));
    for (number, word) in [(11, "more"), (10, "some"), (5, "some"), (4, "few")] {
        assert_eq!(Orders::run(number).await.unwrap(), word);
    }
}

#[tokio::test]
async fn no_choice_matched_is_caught_around_it_only() {
    workflow! {
        Flow(Json) -> String;
        Fan: Parallel {
            branches: [{
                Ask: Choice { $.n < 1 => Yes, !($.n < 1) => No }
                Yes: Pass { output: "yes", end }
                No: Pass { output: "no", end }
            }],
            output: $[0],
            end,
        }
    }
    assert_eq!(Flow::run(json!({ "n": "text" })).await.unwrap(), "no");
}

#[tokio::test]
async fn an_option_is_compared_with_null_and_looked_through() {
    holds!(None, Option<u32>, true, $ == null);
    holds!(Some(5), Option<u32>, true, $ != null && $? > 4);
    holds!(None, Option<u32>, false, $ != null && $? > 4);
}

#[tokio::test]
async fn the_elements_of_lists_and_maps_may_be_missing() {
    use std::collections::HashMap;
    holds!(vec![], Vec<u32>, false, is_present($[0]));
    holds!(vec![7], Vec<u32>, true, is_present($[0]) && $[0] == 7);
    holds!(HashMap::new(), HashMap<String, u32>, false, is_present($.a) && $.a > 2);
}

#[tokio::test]
async fn a_constant_of_rust_is_compared() {
    const LIMIT: i64 = 9;
    const SMALL: u8 = 200;
    const NAME: &str = "Ada";
    const FIRST: Timestamp = Timestamp::UNIX_EPOCH;
    holds!(order(), Order, true, $.total > LIMIT);
    holds!(order(), Order, true, $.total < SMALL && LIMIT < $.total);
    holds!("Ada".to_owned(), String, true, $ == NAME);
    holds!("Bob".to_owned(), String, true, $ > NAME && $ != NAME);
    holds!(json!({ "name": "Ada" }), Json, true, $.name == NAME);
    holds!(FIRST, Timestamp, true, $ == FIRST && !($ < FIRST));
}

#[tokio::test]
async fn an_enum_with_data_is_asked_for_its_variant() {
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Data)]
    #[serde(tag = "type", rename_all = "snake_case")]
    enum Event {
        Paid { amount: u32 },
        NotShipped { why: String },
        Refused,
    }
    workflow! {
        Flow(Event) -> String;
        Ask: Choice {
            $ == Event::Paid => Paid,
            $ == Event::NotShipped || $ == Event::Refused => Lost,
        }
        Paid: Pass { output: "paid", end }
        Lost: Pass { output: "lost", end }
    }
    assert_eq!(Flow::run(Event::Paid { amount: 1 }).await.unwrap(), "paid");
    assert_eq!(Flow::run(Event::NotShipped { why: String::new() }).await.unwrap(), "lost");
    assert_eq!(Flow::run(Event::Refused).await.unwrap(), "lost");
}

/// Names that the generated code might have for itself, and variants in capitals.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, Data)]
#[expect(clippy::upper_case_acronyms, reason = "currencies are written so")]
enum E {
    EUR,
    USD,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Data)]
struct S {
    currency: E,
}

workflow! {
    Exchange(E) -> S;

    Currency: Choice {
        $ == E::EUR => ToDollars,
        $ == E::USD => ToEuros,
    }
    ToDollars: Pass { output: S { currency: E::USD }, end }
    ToEuros: Pass { output: S { currency: E::EUR }, end }
}

#[tokio::test]
async fn variants_in_capitals_are_covered_without_a_default() {
    assert_eq!(Exchange::run(E::EUR).await.unwrap(), S { currency: E::USD });
    assert_eq!(Exchange::run(E::USD).await.unwrap(), S { currency: E::EUR });
}

workflow! {
    Empty(Json) -> bool;

    Count: Choice {
        $.count == 0 => Nothing,
        $.count != 0 => Something,
    }
    Nothing: Pass { output: true, end }
    Something: Pass { output: false, end }
}

#[tokio::test]
async fn equal_and_different_cover_everything() {
    for (count, is_empty) in [(json!(0), true), (json!(1), false), (json!("none"), false)] {
        let empty = Empty::run(json!({ "count": count })).await.unwrap();
        assert_eq!(empty, is_empty, "{count}");
    }
}
