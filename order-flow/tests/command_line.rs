//! The program as a shell sees it: arguments and standard input go in; standard output, standard error and the exit status
//! come out.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod orders;

use std::fs;
use std::io::Write;
use std::process::{Child, Command, Output, Stdio};

use workflow_syntax::asl;
use workflow_syntax::diagnostics::Diagnostics;

use orders::{FROM_STOCK, IN_STOCK, OUT_OF_STOCK, PRINTED};

/// What the program leaves behind.
struct Left {
    output: String,
    errors: String,
    status: i32,
}

impl From<Output> for Left {
    fn from(output: Output) -> Self {
        Self {
            output: String::from_utf8(output.stdout).unwrap(),
            errors: String::from_utf8(output.stderr).unwrap(),
            status: output.status.code().unwrap(),
        }
    }
}

fn start(arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_order-flow"))
        .args(arguments)
        .current_dir(env!("CARGO_TARGET_TMPDIR"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn run(arguments: &[&str]) -> Left {
    start(arguments).wait_with_output().unwrap().into()
}

fn run_on(standard_input: &str) -> Left {
    let mut program = start(&["-"]);
    program.stdin.take().unwrap().write_all(standard_input.as_bytes()).unwrap();
    program.wait_with_output().unwrap().into()
}

/// Asserts that nothing is handled, and that one line says why.
#[track_caller]
fn assert_refused(left: &Left, line: &str) {
    assert_eq!(left.errors, format!("error: {line}\n"));
    assert_eq!(left.output, "");
    assert_eq!(left.status, 2);
}

#[test]
fn several_orders_are_handled_in_turn_and_all_are_read_before() {
    let left = run(&["--quiet", OUT_OF_STOCK, IN_STOCK]);
    assert_eq!(left.output, format!("{PRINTED}{FROM_STOCK}"));
    assert_refused(
        &run(&["--quiet", IN_STOCK, "{}"]),
        "argument, line 1, column 2: not an order: missing field `orderId`",
    );
}

#[test]
fn without_arguments_both_orders_are_handled() {
    let left = run(&[]);
    assert_eq!(left.output, format!("{FROM_STOCK}{PRINTED}"));
    assert_eq!(left.status, 0);
    let (from_stock, printed) = left.errors.split_once("\n\n").unwrap();
    assert!(from_stock.starts_with("OrderFlow  execution order-123\n"), "{from_stock}");
    assert!(
        from_stock.contains("● Pass ") && !from_stock.contains("● OrderPrint "),
        "{from_stock}"
    );
    let points = from_stock.lines().find(|line| line.contains("● UpdateLoyaltyPoints ")).unwrap();
    assert!(points.ends_with("  {} → {}"), "{points}");
    assert!(printed.starts_with("OrderFlow  execution order-124\n"), "{printed}");
    assert!(printed.contains("● OrderPrint ") && !printed.contains("● Pass "), "{printed}");
}

#[test]
fn a_trace_that_no_terminal_shows_has_no_colours() {
    assert!(!run(&[]).errors.contains('\u{1b}'));
}

#[test]
fn an_order_is_taken_from_the_argument() {
    let left = run(&[OUT_OF_STOCK]);
    assert_eq!((left.output.as_str(), left.status), (PRINTED, 0));
    assert!(left.errors.starts_with("OrderFlow  execution order-124\n"), "{}", left.errors);
}

#[test]
fn an_order_is_taken_from_a_file() {
    fs::write(concat!(env!("CARGO_TARGET_TMPDIR"), "/an order.json"), IN_STOCK).unwrap();
    let left = run(&["an order.json"]);
    assert_eq!((left.output.as_str(), left.status), (FROM_STOCK, 0));
}

#[test]
fn an_order_is_taken_from_standard_input() {
    let left = run_on(OUT_OF_STOCK);
    assert_eq!((left.output.as_str(), left.status), (PRINTED, 0));
}

#[test]
fn quiet_leaves_only_the_result() {
    let left = run(&["--quiet", IN_STOCK]);
    assert_eq!((left.output.as_str(), left.errors.as_str(), left.status), (FROM_STOCK, "", 0));
}

#[test]
fn fields_that_an_order_does_not_have_are_ignored() {
    let left = run(&["-q", r#"{"orderId": "123", "gift": true, "bookId": "343222"}"#]);
    assert_eq!((left.output.as_str(), left.status), (FROM_STOCK, 0));
}

#[test]
fn broken_json_is_refused_where_it_breaks() {
    assert_refused(
        &run(&[r#"{"orderId": "123" "bookId": "343222"}"#]),
        "argument, line 1, column 19: not JSON: expected `,` or `}`",
    );
    assert_refused(
        &run_on("{\n  \"orderId\": \"123\",\n"),
        "standard input, line 3, column 1: not JSON: unexpected end while parsing an object",
    );
}

#[test]
fn a_missing_field_is_named() {
    assert_refused(
        &run(&[r#"{"orderId": "123"}"#]),
        "argument, line 1, column 18: not an order: missing field `bookId`",
    );
}

#[test]
fn a_field_of_the_wrong_type_is_named() {
    fs::write(
        concat!(env!("CARGO_TARGET_TMPDIR"), "/numbers.json"),
        "{\n  \"orderId\": \"123\",\n  \"bookId\": 343222\n}\n",
    )
    .unwrap();
    assert_refused(
        &run(&["numbers.json"]),
        "numbers.json, line 3, column 18: not an order: `bookId`: invalid type: integer `343222`, expected a string",
    );
}

#[test]
fn json_that_is_no_object_is_not_an_order() {
    assert_refused(
        &run(&[r#"["123", "343222"]"#]),
        "argument, line 1, column 1: not an order: expected an object, found an array",
    );
    assert_refused(
        &run_on("\n  123"),
        "standard input, line 2, column 3: not an order: expected an object, found a number",
    );
}

#[test]
fn a_file_that_does_not_exist_is_named() {
    assert_refused(
        &run(&["ordr.json"]),
        "ordr.json: no such file (an order given as JSON begins with `{`)",
    );
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let left = run(&["."]);
    assert!(left.errors.starts_with("error: .: "), "{}", left.errors);
    assert_eq!((left.errors.lines().count(), left.output.as_str(), left.status), (1, "", 2));
}

#[test]
fn a_file_with_the_name_of_a_number_is_a_file() {
    fs::write(concat!(env!("CARGO_TARGET_TMPDIR"), "/124"), OUT_OF_STOCK).unwrap();
    assert_eq!(run(&["124"]).output, PRINTED);
}

#[test]
fn empty_standard_input_is_no_order() {
    assert_refused(&run_on(" \n"), "standard input: empty, expected an order as JSON");
}

#[test]
fn a_result_that_nobody_reads_is_no_failure() {
    let mut program = start(&["--quiet", "-"]);
    drop(program.stdout.take());
    program.stdin.take().unwrap().write_all(IN_STOCK.as_bytes()).unwrap();
    let left = Left::from(program.wait_with_output().unwrap());
    assert_eq!((left.errors.as_str(), left.status), ("", 0));
}

#[test]
fn the_workflow_is_drawn_as_text() {
    let left = run(&["--graph", "text"]);
    assert!(left.output.starts_with("OrderFlow(Order) → ("), "{}", left.output);
    assert!(left.output.contains("default         → OrderPrint"), "{}", left.output);
    assert_eq!((left.errors.as_str(), left.status), ("", 0));
}

#[test]
fn the_workflow_is_drawn_as_mermaid() {
    let left = run(&["--graph", "mermaid"]);
    assert!(left.output.starts_with("flowchart TD\n"), "{}", left.output);
    assert_eq!((left.errors.as_str(), left.status), ("", 0));
}

#[test]
fn the_workflow_is_drawn_as_dot() {
    let left = run(&["--graph", "dot"]);
    assert!(left.output.starts_with("digraph \"OrderFlow\" {\n"), "{}", left.output);
    assert!(left.output.ends_with("}\n"), "{}", left.output);
    assert_eq!((left.errors.as_str(), left.status), ("", 0));
}

#[test]
fn the_workflow_is_drawn_as_svg() {
    let left = run(&["--graph", "svg"]);
    assert!(
        left.output.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""),
        "{}",
        left.output
    );
    assert!(left.output.ends_with("</svg>\n"), "{}", left.output);
    assert_eq!((left.errors.as_str(), left.status), ("", 0));
}

#[test]
fn a_picture_and_an_order_are_not_asked_for_at_once() {
    let left = run(&["--graph", "dot", IN_STOCK]);
    assert!(left.errors.contains("cannot be used with"), "{}", left.errors);
    assert_eq!((left.output.as_str(), left.status), ("", 2));
}

#[test]
fn an_unknown_notation_is_answered_with_the_known_ones() {
    let left = run(&["--graph", "png"]);
    assert!(left.errors.contains("text, mermaid, dot, svg"), "{}", left.errors);
    assert_eq!((left.output.as_str(), left.status), ("", 2));
}

#[test]
fn help_has_examples_and_the_exit_status() {
    let left = run(&["--help"]);
    for part in
        ["[ORDER]", "--graph <NOTATION>", "--quiet", "Examples:", "Exit status:", "NO_COLOR"]
    {
        assert!(left.output.contains(part), "{part} is not in\n{}", left.output);
    }
    assert_eq!((left.errors.as_str(), left.status), ("", 0));
}

#[test]
fn short_help_is_short() {
    let (short, long) = (run(&["-h"]), run(&["--help"]));
    assert!(short.output.contains("--graph <NOTATION>"), "{}", short.output);
    assert!(short.output.lines().count() < long.output.lines().count() / 2, "{}", short.output);
}

#[test]
fn the_workflow_is_written_as_asl() {
    let arn = "arn:aws:lambda:eu-west-1:111122223333:function:stock";
    let left = run(&["--asl", "--function", &format!("check_inventory={arn}")]);
    assert_eq!((left.status, left.errors.as_str()), (0, ""));
    let asl: serde_json::Value = serde_json::from_str(&left.output).unwrap();
    assert_eq!(asl["StartAt"], "Order Handling");
    assert_eq!(asl["States"]["CheckInventory"]["Resource"], arn);
    let print = &asl["States"]["OrderPrint"];
    assert_eq!(print["Resource"], "arn:aws:states:::lambda:invoke.waitForTaskToken");
    assert_eq!(print["Parameters"]["FunctionName"], "${orderToPrint}");
    assert_eq!(print["Parameters"]["Payload"]["token.$"], "$$.Task.Token");
    assert_eq!(asl["States"]["OrderPrint"]["ResultSelector"]["TotalValue.$"], "$.TotalValue");
    let ebook = &asl["States"]["Parallel"]["Branches"][4]["States"]["SendFreeEbook"];
    assert_eq!(ebook["Result"]["Ebook"], "Tips to Better Life");
}

#[test]
fn what_the_program_writes_as_asl_is_taken_by_the_reader_of_asl() {
    let asl = order_flow::workflow::OrderFlow::asl().expect("it is exportable");
    let mut diagnostics = Diagnostics::default();
    asl::check(&asl, false, &mut diagnostics);
    assert_eq!(diagnostics.messages().collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn a_function_that_is_not_called_is_named() {
    let left =
        run(&["--asl", "--function", "check_inventry=arn:aws:lambda:eu-west-1:1:function:f"]);
    assert_eq!(left.status, 2);
    assert!(
        left.errors.contains("the workflow calls no function `check_inventry`"),
        "{}",
        left.errors
    );
    let left = run(&["--asl", "--function", "check_inventory"]);
    assert_eq!(left.status, 2);
    assert!(left.errors.contains("check_inventory=arn:..."), "{}", left.errors);
}
