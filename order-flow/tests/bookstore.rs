//! The bookstore as it was published, a definition of ASL, with the functions as tasks on data without types: it gives what it
//! gives on AWS.

use serde_json::{Value, json};
use workflow_core::{Json, LambdaError, task, workflow};

#[task]
async fn check_inventory(order: Json) -> Result<Json, LambdaError> {
    Ok(json!({ "ItemStock": if order["bookId"] == "343222" { 20 } else { 0 } }))
}

#[task]
async fn order_to_print(_: Json) -> Result<Json, LambdaError> {
    Ok(json!({ "TotalValue": 500 }))
}

#[task]
async fn check_further_discount_eligibility(sale: Json) -> Result<Json, LambdaError> {
    let high = sale["TotalValue"].as_i64().is_some_and(|value| value > 400);
    Ok(json!({ "Discount": if high { 20 } else { 10 } }))
}

#[task]
async fn generate_discount_code(discount: Json) -> Result<Json, LambdaError> {
    let high = discount["Discount"].as_i64().is_some_and(|discount| discount > 20);
    Ok(json!({ "DiscountCode": if high { "Hello20" } else { "Hello10" } }))
}

/// As the function did in JavaScript: a value that is not there leaves no field.
#[task]
async fn update_loyalty_points(sale: Json) -> Result<Json, LambdaError> {
    Ok(sale.get("TotalValue").map_or(json!({}), |value| json!({ "LoyaltyPoints": value })))
}

#[task]
async fn prepare_order(_: Json) -> Result<Json, LambdaError> {
    Ok(json!({ "Shipmsg": "Order Prepared - Ready for Shipment" }))
}

#[task]
async fn send_to_shipment(_: Json) -> Result<Json, LambdaError> {
    Ok(json!({ "ShipmentSent": "True" }))
}

#[task]
async fn update_reco_engine(_: Json) -> Result<Json, LambdaError> {
    Ok(json!({ "RecoengineUpdated": "True" }))
}

workflow! {
    pub Bookstore(Json) -> Json;
    asl: file "bookstore.asl.json";
    resources: {
        "checkInventory" => check_inventory,
        "orderToPrint" => order_to_print,
        "checkFurtherDiscountEligibility" => check_further_discount_eligibility,
        "generateDiscountCode" => generate_discount_code,
        "updateLoyaltyPoints" => update_loyalty_points,
        "prepareOrder" => prepare_order,
        "sendToShipment" => send_to_shipment,
        "updateRecoEngine" => update_reco_engine,
    }
}

async fn handled(order: Value) -> Value {
    Bookstore::run(order).await.expect("the order is handled")
}

#[tokio::test]
async fn an_order_from_stock_ends_as_on_aws() {
    let result = handled(json!({ "orderId": "123", "bookId": "343222" })).await;
    let expected = json!([
        { "DiscountCode": "Hello10" },
        {},
        { "ShipmentSent": "True" },
        { "RecoengineUpdated": "True" },
    ]);
    assert_eq!(result, expected);
}

#[tokio::test]
async fn an_order_that_is_printed_ends_as_on_aws() {
    let result = handled(json!({ "orderId": "124", "bookId": "343122" })).await;
    let expected = json!([
        { "DiscountCode": "Hello10" },
        { "LoyaltyPoints": 500 },
        { "ShipmentSent": "True" },
        { "RecoengineUpdated": "True" },
    ]);
    assert_eq!(result, expected);
}

#[test]
fn the_definition_is_that_of_the_file() {
    let definition = Bookstore::definition();
    let names: Vec<&str> = definition.machine.states.iter().map(|state| state.name).collect();
    let wanted = [
        "Order Handling",
        "CheckInventory",
        "Choice",
        "Pass",
        "OrderPrint",
        "Parallel",
        "Order Handled",
    ];
    assert_eq!(names, wanted);
}
