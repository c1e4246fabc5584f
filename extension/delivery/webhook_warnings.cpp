// threefactor_private.warn_of_webhook: says when an event trigger is made what would keep its events from being posted.
#include "pg/prelude.hpp"

#include "message/doubts.hpp"
#include "pg/encoding.hpp"
#include "pg/guard.hpp"
#include "settings/settings.hpp"

extern "C" {
#include <utils/array.h>
}

namespace threefactor::delivery {
namespace {

struct Warning {
  const char* what;
  const char* hint;
};

// In palloc'd memory, so that a WARNING may be raised with no C++ frame below.
List* Warnings(const char* webhook, const char* const* variables, int count) {
  return pg::Entered([&] {
    const Environment environment(settings::environment_variables, getenv);
    const EgressRule egress = {ParseNetworks(settings::allowed_networks), ParseNetworks(settings::denied_networks)};
    const std::vector<Doubt> doubts =
        DoubtsOf(webhook, {variables, variables + count}, environment, *settings::proxy ? nullptr : &egress);
    List* warnings = NIL;
    for (const Doubt& doubt : doubts)
      pg::Guarded([&] {
        auto* warning = static_cast<Warning*>(palloc(sizeof(Warning)));
        warning->what = pstrdup(doubt.what.c_str());
        warning->hint = pstrdup(doubt.hint.c_str());
        warnings = lappend(warnings, warning);
      });
    return warnings;
  });
}

}  // namespace
}  // namespace threefactor::delivery

THREEFACTOR_SQL_FUNCTION(threefactor_warn_of_webhook);

// (event_trigger text, webhook text, variables text[]) -> void; the name may be null.
Datum threefactor_warn_of_webhook(PG_FUNCTION_ARGS) {
  using namespace threefactor;
  if (PG_ARGISNULL(1)) PG_RETURN_VOID();
  Datum* names = nullptr;
  int count = 0;
  if (!PG_ARGISNULL(2))
    deconstruct_array(PG_GETARG_ARRAYTYPE_P(2), TEXTOID, -1, false, TYPALIGN_INT, &names, nullptr, &count);
  auto** variables = static_cast<const char**>(palloc(sizeof(char*) * Max(count, 1)));
  for (int i = 0; i < count; i++) variables[i] = TextDatumGetCString(names[i]);
  const char* const webhook = text_to_cstring(PG_GETARG_TEXT_PP(1));
  const List* const warnings = delivery::Warnings(webhook, variables, count);
  const char* const event_trigger =
      PG_ARGISNULL(0) ? "the event" : psprintf("event trigger \"%s\"", text_to_cstring(PG_GETARG_TEXT_PP(0)));
  ListCell* cell;
  foreach (cell, warnings) {
    const auto* warning = static_cast<delivery::Warning*>(lfirst(cell));
    ereport(WARNING, errmsg("%s cannot be delivered: %s", event_trigger, warning->what), errhint("%s", warning->hint));
  }
  PG_RETURN_VOID();
}
