#include "pg/prelude.hpp"

#include "delivery/definitions.hpp"

#include <algorithm>
#include <charconv>
#include <span>

#include "delivery/tables.hpp"
#include "outbox/reader.hpp"
#include "pg/transaction.hpp"

extern "C" {
#include <utils/array.h>
}

namespace threefactor::delivery {

namespace {

constexpr double kMostSeconds = 100.0 * 365 * 24 * 3600;
constexpr int kMostAttempts = 1000000;
constexpr int kMostPlaces = 1000000;
constexpr double kMostRequests = 1e9;

// headers: name, value, JSON type of the value; name ... Of a definition that is not current any more, d is null:
// nothing counts but what its events were captured by, and whoever makes a thousand definitions shall not fill the
// worker's memory with their texts.
constexpr char kSelectDefinitions[] = R"(
SELECT captured.definition_id, captured.trigger_id, threefactor_private.endpoint_key(d.webhook, d.endpoint, o.owner),
       d.order_by IS NOT NULL, d.on_dead = 'skip', d.endpoint->>'concurrency', d.endpoint->>'rate', d.endpoint->>'burst',
       d.endpoint#>>'{breaker,failures}', d.endpoint#>>'{breaker,ratio}', d.endpoint#>>'{breaker,window}',
       d.endpoint#>>'{breaker,cooldown}', d.endpoint#>>'{breaker,max_cooldown}', d.retry->>'connect_timeout',
       d.webhook, captured.payload,
       (SELECT array_agg(ARRAY[h.key, coalesce(CASE jsonb_typeof(h.value) WHEN 'object' THEN h.value->>'env'
                                               ELSE h.value #>> '{}' END, ''), jsonb_typeof(h.value)])
        FROM jsonb_each(CASE jsonb_typeof(d.headers) WHEN 'object' THEN d.headers ELSE '{}' END) h),
       d.retry->>'attempts', d.retry->>'backoff', d.retry->>'interval', d.retry->>'max_interval', d.retry->>'timeout',
       d.retry->>'statuses', captured.body, d.secrets, d.apply, d.apply_path,
       (SELECT r.oid::text FROM pg_roles r
        WHERE r.oid = o.owner AND r.oid = threefactor_private.role_of(d.apply_role, d.apply_role_id)),
       d.endpoint->>'validate', d.retry->>'pauses',
       (SELECT array_agg(ARRAY[p.key, c.name]) FROM jsonb_each(captured.payloads) p, jsonb_array_elements_text(p.value) c (name))
FROM threefactor.definition captured
LEFT JOIN (threefactor.definition d JOIN threefactor.event_trigger t ON t.definition_id = d.definition_id
           JOIN threefactor_private.names n ON n.trigger_id = t.trigger_id LEFT JOIN pg_class c ON c.oid = d.relation
           CROSS JOIN LATERAL (SELECT coalesce(c.relowner, n.owner)) o (owner))
  ON d.definition_id = captured.definition_id)";
enum DefinitionColumn {
  kId,
  kTriggerId,
  kEndpointKey,
  kOrdered,
  kSkipsDead,
  kConcurrency,
  kRate,
  kBurst,
  kBreakerFailures,
  kBreakerRatio,
  kBreakerWindow,
  kBreakerCooldown,
  kBreakerMaxCooldown,
  kConnectTimeout,
  kWebhook,
  kPayload,
  kHeaders,
  kAttempts,
  kBackoff,
  kInterval,
  kMaxInterval,
  kTimeout,
  kStatuses,
  kBody,
  kSecrets,
  kApply,
  kApplyPath,
  kApplyRole,
  kValidate,
  kPauses,
  kPayloads,
  kDefinitionColumns
};

constexpr char kSelectTriggers[] = R"(
SELECT t.trigger_id, t.name, t.definition_id, t.paused, coalesce(e.definition_id, 0)
FROM threefactor.event_trigger t LEFT JOIN threefactor.event_trigger e ON e.errors_of = t.trigger_id)";

constexpr char kSelectOrigin[] =
    "SELECT coalesce(bool_or(database <> threefactor.this_database() OR set_aside_at IS NOT NULL), false),"
    " coalesce(bool_or(database = threefactor.this_database() AND set_aside_at IS NOT NULL AND set_aside_to IS NULL),"
    " false) FROM threefactor.origin";

using Texts = std::span<const std::string_view>;

// What SPI returned of one definition, UTF-8, in palloc'd memory; a null is a view without data.
struct StoredDefinition {
  int32 id;
  int32 trigger_id;
  int64 endpoint_key;
  bool ordered;
  bool skips_dead;
  std::string_view texts[kDefinitionColumns];
  Texts payload;
  Texts payloads;  // operation, column, operation ...
  Texts headers;
  Texts secrets;
};

constexpr std::pair<std::string_view, BodyProfile> kBodyProfiles[] = {
    {"hasura", BodyProfile::kHasura},
    {"cloudevents-binary", BodyProfile::kCloudEventsBinary},
    {"cloudevents-structured", BodyProfile::kCloudEventsStructured},
    {"supabase", BodyProfile::kSupabase},
};

template <typename T>
bool ReadNumber(std::string_view text, T minimum, T maximum, T* number) {
  T value{};
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc{} || result.ptr != text.data() + text.size()) return false;
  if (!(value >= minimum && value <= maximum)) return false;
  *number = value;
  return true;
}

// Of the text of a JSON list.
template <typename F>
void ForEachNumber(std::string_view list, F&& f) {
  constexpr std::string_view kNumber = "0123456789.eE+-";
  while (true) {
    const auto first = list.find_first_of(kNumber);
    if (first == std::string_view::npos) return;
    list.remove_prefix(first);
    const auto end = std::min(list.find_first_not_of(kNumber), list.size());
    f(list.substr(0, end));
    list.remove_prefix(end);
  }
}

class RuleReader {
 public:
  RuleReader(const StoredDefinition& stored, Definition& definition) : stored_(stored), definition_(definition) {}

  void Read() {
    RetryRule& rule = definition_.retry;
    Number(kAttempts, "attempts", 1, kMostAttempts, &rule.attempts);
    if (Has(kBackoff)) {
      const std::string_view backoff = stored_.texts[kBackoff];
      rule.backoff = backoff == "fixed"         ? Backoff::kFixed
                     : backoff == "exponential" ? Backoff::kExponential
                                                : Backoff::kSchedule;
      if (rule.backoff == Backoff::kSchedule && backoff != "schedule") Blame("backoff");
    }
    if (Has(kPauses)) Pauses();
    Seconds(kInterval, "interval", &rule.interval);
    Seconds(kMaxInterval, "max_interval", &rule.max_interval);
    Seconds(kTimeout, "timeout", &rule.timeout);
    Seconds(kConnectTimeout, "connect_timeout", &rule.connect_timeout);
    if (rule.timeout < Milliseconds(1)) Blame("timeout");
    if (Has(kStatuses)) Statuses();
    ReadEndpoint();
  }

 private:
  void ReadEndpoint() {
    EndpointRule& endpoint = definition_.endpoint;
    Number(kConcurrency, "concurrency", 1, kMostPlaces, &endpoint.concurrency);
    Number(kRate, "rate", 0.0, kMostRequests, &endpoint.rate);
    Number(kBurst, "burst", 1.0, kMostRequests, &endpoint.burst);
    if (!Has(kBreakerFailures)) return;
    BreakerRule& breaker = endpoint.breaker.emplace();
    Number(kBreakerFailures, "failures", 1, kMostPlaces, &breaker.failures);
    Number(kBreakerRatio, "ratio", 0.0, 1.0, &breaker.ratio);
    Seconds(kBreakerWindow, "window", &breaker.window);
    Seconds(kBreakerCooldown, "cooldown", &breaker.cooldown);
    Seconds(kBreakerMaxCooldown, "max_cooldown", &breaker.max_cooldown);
  }
  template <typename T>
  void Number(DefinitionColumn column, const char* name, T minimum, T maximum, T* number) {
    if (Has(column) && !ReadNumber(stored_.texts[column], minimum, maximum, number)) Blame(name);
  }
  bool Has(DefinitionColumn column) const { return stored_.texts[column].data() != nullptr; }
  void Blame(const char* what) { definition_.problem = std::string("the event trigger has an unusable ") + what; }
  void Seconds(DefinitionColumn column, const char* name, Milliseconds* time) {
    double seconds = 0;
    if (!Has(column)) return;
    if (ReadNumber(stored_.texts[column], 0.0, kMostSeconds, &seconds))
      *time = Milliseconds(static_cast<std::int64_t>(seconds * 1000));
    else
      Blame(name);
  }
  void Statuses() {  // [500, 502]
    auto& statuses = definition_.retry.statuses.emplace();
    ForEachNumber(stored_.texts[kStatuses], [&](std::string_view number) {
      if (!ReadNumber(number, 100, 999, &statuses.emplace_back())) Blame("statuses");
    });
  }
  void Pauses() {  // [5, 300, 0.5]
    auto& pauses = definition_.retry.pauses;
    pauses.clear();
    ForEachNumber(stored_.texts[kPauses], [&](std::string_view number) {
      double seconds = 0;
      if (!ReadNumber(number, 0.0, kMostSeconds, &seconds)) Blame("pauses");
      pauses.emplace_back(static_cast<std::int64_t>(seconds * 1000));
    });
    if (pauses.empty()) Blame("pauses");
  }

  const StoredDefinition& stored_;
  Definition& definition_;
};

void ReadBody(std::string_view name, Definition& definition) {
  const auto* known = std::find_if(std::begin(kBodyProfiles), std::end(kBodyProfiles),
                                   [&](const auto& profile) { return profile.first == name; });
  if (known == std::end(kBodyProfiles))
    definition.problem = "the event trigger has an unknown body";
  else
    definition.body = known->second;
}

void ReadSecrets(Texts secrets, Definition& definition) {
  try {
    for (const std::string_view secret : secrets) definition.secrets.emplace_back(secret);
  } catch (const std::invalid_argument& error) {
    definition.problem = std::string("the event trigger has an unusable secret: ") + error.what();
  }
}

// The role is absent when it does not own the event trigger any more: whoever does has not given the statement, nor
// shall it run with the rights of somebody who cannot end it.
void ReadApply(const StoredDefinition& stored, Definition& definition) {
  ApplyRule& rule = definition.apply.emplace();
  rule.statement = stored.texts[kApply];
  rule.search_path = stored.texts[kApplyPath];
  if (!ReadNumber<std::uint32_t>(stored.texts[kApplyRole], 1, UINT32_MAX, &rule.role))
    definition.problem = "the apply statement was given by a role that does not own the event trigger any more";
}

void AddDefinition(Definitions& loaded, const StoredDefinition& stored) {
  Definition& definition = loaded.definitions[stored.id];
  definition.id = stored.id;
  definition.trigger_id = stored.trigger_id;
  definition.endpoint_key = stored.endpoint_key;
  if (stored.ordered) definition.order = stored.skips_dead ? Order::kSkipDead : Order::kBlockOnDead;
  definition.webhook = stored.texts[kWebhook];
  if (stored.payload.data()) definition.payload.emplace(stored.payload.begin(), stored.payload.end());
  for (std::size_t i = 0; i + 1 < stored.payloads.size(); i += 2) {
    auto& columns = definition.payloads[std::string(stored.payloads[i])];
    if (!columns) columns.emplace();
    columns->emplace_back(stored.payloads[i + 1]);
  }
  for (std::size_t i = 0; i + 2 < stored.headers.size(); i += 3)
    definition.headers.push_back(
        {std::string(stored.headers[i]), std::string(stored.headers[i + 1]), stored.headers[i + 2] == "object"});
  RuleReader(stored, definition).Read();
  ReadBody(stored.texts[kBody], definition);
  if (stored.texts[kApply].data()) ReadApply(stored, definition);
  ReadSecrets(stored.secrets, definition);
  definition.validate = stored.texts[kValidate] == "true";
}

void AddTrigger(Definitions& loaded, int32 id, std::string_view name, int32 definition_id, bool paused,
                int32 error_definition) {
  loaded.triggers[id] = {id, std::string(name), definition_id, paused, error_definition};
  const auto [entry, missing] = loaded.definitions.try_emplace(definition_id);
  if (!missing) return;
  entry->second.id = definition_id;
  entry->second.trigger_id = id;
  entry->second.problem = "the event trigger has no definition";
}

Texts TextArray(Datum value) {
  Datum* elements = nullptr;
  bool* nulls = nullptr;
  int count = 0;
  deconstruct_array(DatumGetArrayTypeP(value), TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls, &count);
  auto* texts = static_cast<std::string_view*>(palloc(sizeof(std::string_view) * Max(count, 1)));
  for (int i = 0; i < count; i++) texts[i] = nulls[i] ? std::string_view("") : pg::Utf8(elements[i]);
  return {texts, static_cast<std::size_t>(count)};
}

StoredDefinition Fetch(HeapTuple tuple, TupleDesc descriptor) {
  StoredDefinition stored = {};
  for (int i = 0; i < kDefinitionColumns; i++) {
    bool null = false;
    const Datum value = SPI_getbinval(tuple, descriptor, i + 1, &null);
    if (null) continue;
    switch (i) {
      case kId:
        stored.id = DatumGetInt32(value);
        break;
      case kTriggerId:
        stored.trigger_id = DatumGetInt32(value);
        break;
      case kEndpointKey:
        stored.endpoint_key = DatumGetInt64(value);
        break;
      case kOrdered:
        stored.ordered = DatumGetBool(value);
        break;
      case kSkipsDead:
        stored.skips_dead = DatumGetBool(value);
        break;
      case kPayload:
        stored.payload = TextArray(value);
        break;
      case kPayloads:
        stored.payloads = TextArray(value);
        break;
      case kHeaders:
        stored.headers = TextArray(value);
        break;
      case kSecrets:
        stored.secrets = TextArray(value);
        break;
      default:
        stored.texts[i] = pg::Utf8(value);
    }
  }
  return stored;
}

// By the transaction's one snapshot: else an event trigger made between two of these would be there in part, and what
// it has captured be taken for that of one that was dropped.
void Select(const char* statement) {
  const int result = SPI_execute(statement, true, 0);
  if (result != SPI_OK_SELECT) elog(ERROR, "threefactor: '%s': %s", statement, SPI_result_code_string(result));
}

void LoadInto(Definitions& loaded) {
  SPI_connect();
  Select(kSelectDefinitions);
  for (uint64 i = 0; i < SPI_processed; i++) AddDefinition(loaded, Fetch(SPI_tuptable->vals[i], SPI_tuptable->tupdesc));
  Select(kSelectTriggers);
  for (uint64 i = 0; i < SPI_processed; i++) {
    bool null;
    const auto column = [&](int number) {
      return SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, number, &null);
    };
    AddTrigger(loaded, DatumGetInt32(column(1)), pg::Utf8(column(2)), DatumGetInt32(column(3)), DatumGetBool(column(4)),
               DatumGetInt32(column(5)));
  }
  Select(kSelectOrigin);
  bool null;
  loaded.copied = DatumGetBool(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &null));
  loaded.to_set_aside = DatumGetBool(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 2, &null));
  SPI_finish();
}

}  // namespace

Definitions LoadDefinitions() {
  Definitions loaded;
  pg::RunTransaction("load event triggers", [&] { LoadInto(loaded); });
  return loaded;
}

}  // namespace threefactor::delivery
