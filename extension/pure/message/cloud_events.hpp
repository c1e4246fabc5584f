// Body profiles of CloudEvents 1.0, HTTP protocol binding, binary and structured mode.
//
// id               the idempotency key: one event delivered to two event triggers is two CloudEvents
// source           /tables/SCHEMA/TABLE or /topics/TOPIC, else /event_triggers/NAME; percent-encoded
// type             threefactor.insert and so on by operation; of an event emitted to a topic, the topic
// subject          the name of the event trigger
// time             when the change was made
// datacontenttype  application/json
// data             of an event of a table {"old","new","session_variables"}; else what was emitted or invoked with
#pragma once

#include "message/body.hpp"

namespace threefactor::delivery {

Content BinaryCloudEvent(const BodySource& source);
Content StructuredCloudEvent(const BodySource& source);

// The value of an attribute as that of a header: space, ", % and what is not printable ASCII are percent-encoded
// (CloudEvents HTTP protocol binding 1.0.2, section 3.1.3.2).
std::string CloudEventsHeaderValue(std::string_view value);

}  // namespace threefactor::delivery
