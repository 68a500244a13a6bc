//! A bookshop's order flow, by hand: every kind of state, for the tests of what is made from a definition.

use std::time::Duration;

use crate::data::Data;
use crate::definition::{
    Catcher, Choice, ChoiceDefault, ChoiceRule, Definition, Expression, Fail, Integration, Kind,
    Limit, Map, Parallel, PathField, Service, State, StateId, StateMachine, Task, Transition, Wait,
};
use crate::retry::Retrier;

use Transition::{End, Next};

const LAMBDA: &[Retrier] = &[Retrier {
    interval: Duration::from_secs(2),
    max_attempts: 6,
    ..Retrier::new(&["Lambda.ServiceException", "Lambda.SdkClientException"])
}];

const fn next(state: u16) -> Option<Transition> {
    Some(Next(StateId(state)))
}

const fn call(
    function: &'static str,
    retry: &'static [Retrier],
    catch: &'static [Catcher],
) -> Kind {
    Kind::Task(Task {
        function,
        integration: Integration::Function,
        service: Service::UNNAMED,
        inexpressible: &[],
        arguments: &[Expression::Path("$")],
        parameters: &["order"],
        awaits: None,
        workflow: None,
        timeout: None,
        heartbeat: None,
        retry,
        catch,
    })
}

const fn catcher(error_equals: &'static [&'static str], next: u16) -> Catcher {
    Catcher {
        comment: None,
        error_equals,
        next: StateId(next),
        result_path: PathField::Path("$.error"),
        output: None,
        assign: &[],
    }
}

const fn rule(condition: Expression, next: u16) -> ChoiceRule {
    ChoiceRule { comment: None, condition, next: StateId(next), output: None, assign: &[] }
}

const fn starting(states: &'static [State]) -> StateMachine {
    StateMachine::new(StateId(0), states)
}

const IN_STOCK: Choice = Choice {
    rules: &[
        rule(
            Expression::Binary(&Expression::Path("$.ItemStock"), ">", &Expression::Literal("0")),
            3,
        ),
        rule(
            Expression::Binary(
                &Expression::Binary(
                    &Expression::Path("$.publisher"),
                    "==",
                    &Expression::Literal("\"Fern & <Co>\""),
                ),
                "&&",
                &Expression::Unary("!", &Expression::Path("$.printable")),
            ),
            9,
        ),
    ],
    default: Some(ChoiceDefault { next: StateId(6), output: None, assign: &[] }),
};

static BRANCHES: [StateMachine; 5] = [
    starting(&[
        State::new("CheckFurtherDiscountEligibility", call("check_discount", LAMBDA, &[]), next(1)),
        State::new("GenerateDiscountCode", call("generate_discount_code", LAMBDA, &[]), Some(End)),
    ]),
    starting(&[State::new(
        "UpdateLoyaltyPoints",
        call("update_loyalty_points", LAMBDA, &[]),
        Some(End),
    )]),
    starting(&[
        State::new("Charge", call("charge", &[], &[]), next(1)),
        State::new("SendReceipt", call("send_receipt", LAMBDA, &[]), Some(End)),
    ]),
    starting(&[State::new("ReserveStock", call("reserve_stock", LAMBDA, &[]), Some(End))]),
    starting(&[
        State::new(
            "IsGift",
            Kind::Choice(Choice {
                rules: &[rule(Expression::Path("$.gift"), 1)],
                default: Some(ChoiceDefault { next: StateId(2), output: None, assign: &[] }),
            }),
            None,
        ),
        State::new("WrapGift", call("wrap_gift", &[], &[]), Some(End)),
        State::new("PlainParcel", Kind::Pass, Some(End)),
    ]),
];

const FULFIL: Parallel = Parallel {
    branches: &BRANCHES,
    retry: &[],
    catch: &[catcher(&["PaymentError.Declined"], 8), catcher(&["States.ALL"], 9)],
};

const LABELS: Map = Map {
    items: Expression::Path("$.parcels"),
    item_selector: None,
    item_processor: starting(&[
        State::new("PrintLabel", call("print_label", LAMBDA, &[]), next(1)),
        State::new("StickLabel", call("stick_label", &[], &[]), Some(End)),
    ]),
    max_concurrency: Some(Expression::Literal("3")),
    distributed: None,
    retry: &[],
    catch: &[],
};

const OUT_OF_PRINT: Fail = Fail {
    error: Some(Expression::Literal("\"OrderError.OutOfPrint\"")),
    cause: Some(Expression::Literal("\"the publisher prints it no more\"")),
};

pub(crate) static ORDER_FLOW: Definition = Definition {
    name: "OrderFlow",
    comment: Some("Ships a book, printing it first when it is out of stock."),
    input: <String as Data>::TYPE,
    output: <bool as Data>::TYPE,
    timeout: None,
    machine: starting(&[
        State {
            comment: Some("Takes the order as it came."),
            ..State::new("Order Handling", Kind::Pass, next(1))
        },
        State::new("CheckInventory", call("check_inventory", LAMBDA, &[]), next(2)),
        State::new("InStock", Kind::Choice(IN_STOCK), None),
        State::new("Fulfil", Kind::Parallel(FULFIL), next(4)),
        State::new("PrintLabels", Kind::Map(LABELS), next(5)),
        State::new("Done", Kind::Succeed, None),
        State::new(
            "OrderPrint",
            call("order_print", LAMBDA, &[catcher(&["PressError.OutOfPrint"], 9)]),
            next(7),
        ),
        State::new(
            "AwaitPrint",
            Kind::Wait(Wait::Seconds(Limit::Fixed(Duration::from_secs(3600)))),
            next(1),
        ),
        State::new("NotPaid", call("tell_customer", &[], &[]), Some(End)),
        State::new("OutOfPrint", Kind::Fail(OUT_OF_PRINT), None),
    ]),
    inexpressible: &[],
    presences: &[],
};
