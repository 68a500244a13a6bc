//! The names that generated code imports, each with a `_` before it, so that it is none of the user's.
//!
//! Generated code names a thing hundreds of times: one token for each name keeps it quick to compile.

pub use super::checkpoint::{
    Restore as _Restore, restore as _restore, save as _save, saved_input as _saved_input,
    unknown_state as _unknown_state,
};
pub use super::{
    ContextObject as _ContextObject, PathField as _PathField, assigned as _assigned,
    catches as _catches, clone as _clone, concurrency as _concurrency, evaluate as _evaluate,
    failed as _failed, failure as _failure, filter as _filter, is_equal as _is_equal,
    is_greater as _is_greater, is_greater_equal as _is_greater_equal, is_less as _is_less,
    is_less_equal as _is_less_equal, nested_failure as _nested_failure,
    no_choice_matched as _no_choice_matched, not_in_input as _not_in_input,
    tolerance as _tolerance,
};
pub use crate::breath::Breath as _Breath;
pub use crate::call::{Argument as _Argument, Call as _Call};
pub use crate::check::{
    At as _check_At, Between as _check_Between, Call as _check_Call, Joint as _check_Joint,
    JsonKind as _check_JsonKind, Place as _check_Place, Raises as _check_Raises,
    Site as _check_Site, absence as _check_absence, alias as _check_alias,
    arithmetic as _check_arithmetic, as_json as _check_as_json, call as _check_call,
    compare as _check_compare, compare_as as _check_compare_as,
    compare_boolean as _check_compare_boolean, compare_constant as _check_compare_constant,
    compare_float as _check_compare_float, compare_integer as _check_compare_integer,
    compare_text as _check_compare_text, contained as _check_contained, data as _check_data,
    data_instead as _check_data_instead, descendants as _check_descendants, each as _check_each,
    element as _check_element, error_name as _check_error_name,
    error_variant as _check_error_variant, exported as _check_exported,
    exported_variant as _check_exported_variant, fail_variant as _check_fail_variant,
    field as _check_field, fit as _check_fit, fit_constant as _check_fit_constant,
    fit_float as _check_fit_float, fit_integer as _check_fit_integer, fit_null as _check_fit_null,
    fit_text as _check_fit_text, flattened as _check_flattened, join as _check_join,
    join_dynamic as _check_join_dynamic, list as _check_list, names as _check_names,
    of_kind as _check_of_kind, opened as _check_opened, ordered as _check_ordered,
    output as _check_output, pattern as _check_pattern, presence as _check_presence,
    present as _check_present, query as _check_query, room as _check_room,
    seconds as _check_seconds, seen as _check_seen, shared as _check_shared,
    task_error as _check_task_error, template as _check_template,
    template_field as _check_template_field, time_constant as _check_time_constant,
    timestamp as _check_timestamp, total as _check_total, truth as _check_truth,
    tuple_literal as _check_tuple_literal, type_test as _check_type_test,
    untyped as _check_untyped, variant as _check_variant,
    variant_literal as _check_variant_literal, variant_name as _check_variant_name,
    written_field as _check_written_field,
};
pub use crate::choice::{
    Absence as _Absence, Comparand as _Comparand, Compare as _Compare,
    CompareLiteral as _CompareLiteral, Comparison as _Comparison, Is as _Is, Pattern as _Pattern,
    Truth as _Truth, TypeTest as _TypeTest, order_as as _order_as,
};
pub use crate::constant::{
    constant as _constant, order as _order_constant, time as _time, type_of as _type_of,
};
pub use crate::data::{
    Enumeration as _Enumeration, described as _described, field as _field,
    flattened_field as _flattened_field, object as _object, omitted_field as _omitted_field,
};
pub use crate::definition::{
    Catcher as _definition_Catcher, Choice as _definition_Choice,
    ChoiceDefault as _definition_ChoiceDefault, ChoiceRule as _definition_ChoiceRule,
    DataFlow as _definition_DataFlow, Definition as _definition_Definition,
    Distributed as _definition_Distributed, Expression as _definition_Expression,
    Fail as _definition_Fail, INPUT as _definition_INPUT,
    Inexpressible as _definition_Inexpressible, Integration as _definition_Integration,
    Kind as _definition_Kind, Limit as _definition_Limit, Map as _definition_Map,
    Parallel as _definition_Parallel, PathField as _definition_PathField,
    Presence as _definition_Presence, Service as _definition_Service, State as _definition_State,
    StateId as _definition_StateId, StateMachine as _definition_StateMachine,
    Task as _definition_Task, Transition as _definition_Transition, Wait as _definition_Wait,
    raised as _definition_raised,
};
pub use crate::error::Failed as _Failed;
pub use crate::fit::{
    FieldOf as _FieldOf, Filled as _Filled, convert as _convert, from_json as _from_json,
    integer as _integer, literal as _literal, text as _text, to_json as _to_json,
};
pub use crate::in_process::{run as _run, run_nested as _run_nested};
pub use crate::intrinsic as _intrinsic;
pub use crate::items::{map as _map, map_tolerating as _map_tolerating};
pub use crate::joined::Joined as _Joined;
pub use crate::machine::Step as _Step;
pub use crate::number::{
    Arithmetic as _Arithmetic, Operation as _Operation, Operator as _Operator, Seconds as _Seconds,
};
pub use crate::object::{
    begin as _begin, fill_result as _fill_result, fill_with as _fill_with,
    fill_with_path as _fill_with_path, fill_with_taken as _fill_with_taken, finish as _finish,
};
pub use crate::parts::{
    Access as _Access, Build as _Build, Construct as _Construct, Fields as _Fields, Fill as _Fill,
    Newtype as _Newtype, OfVariant as _OfVariant, Struct as _Struct, Whole as _Whole,
    Wrapper as _Wrapper, filled as _filled,
};
pub use crate::path::{
    Descendants as _Descendants, Each as _Each, Elements as _Elements, Opened as _Opened,
    Part as _Part, Place as _Place, Present as _Present, Query as _Query, Segment as _Segment,
    Several as _Several, slice as _slice,
};
pub use crate::sound::Otherwise as _;
pub use crate::sound::{
    Handed as _Handed, Has as _Has, IsData as _IsData, IsReturned as _IsReturned,
    IsShared as _IsShared, IsTask as _IsTask, IsTaskError as _IsTaskError, Same as _Same,
    Shared as _Shared, Sound as _Sound, Stored as _Stored, TaskTypes as _TaskTypes,
    Typed as _Typed,
};
pub use crate::state::{
    assign as _assign, enter as _enter, leave as _leave, retry as _retry, task as _task,
    task_on_input as _task_on_input, task_once as _task_once,
    task_once_within as _task_once_within, task_within as _task_within, visit as _visit,
};
pub use crate::task::Returned as _Returned;
pub use crate::time::Time as _Time;
pub use crate::{
    Attempt as _Attempt, Data as _Data, Engine as _Engine, Entry as _Entry,
    ErrorNames as _ErrorNames, ErrorOutput as _ErrorOutput, ErrorVariant as _ErrorVariant,
    Execution as _Execution, ExecutionError as _ExecutionError, Jitter as _Jitter, Json as _Json,
    Limits as _Limits, Machine as _Machine, Needs as _Needs, NestedError as _NestedError,
    Nothing as _Nothing, Resources as _Resources, Retrier as _Retrier, Signature as _Signature,
    Start as _Start, Task as _Task, Timestamp as _Timestamp, Until as _Until,
    WaitForTaskToken as _WaitForTaskToken, Workflow as _Workflow,
};
pub use crate::{Shape as _Shape, Type as _Type, Variant as _Variant};
pub use futures_util::try_join as _try_join;
pub use serde as _serde;
pub use std::convert::Into as _Into;
pub use std::default::Default as _Default;
pub use std::future::Future as _Future;
pub use std::marker::Send as _Send;
pub use std::option::Option::{self as _Option, None as _None, Some as _Some};
pub use std::result::Result::{self as _Result, Err as _Err, Ok as _Ok};
pub use std::string::String as _String;
pub use std::time::Duration as _Duration;
pub use std::vec::Vec as _Vec;
