#include "apply_task/task.hpp"

#include "attempt/post.hpp"
#include "message/body.hpp"
#include "text/text.hpp"

namespace threefactor::apply {

namespace {

constexpr std::size_t kMostEventApplied = 256u << 20;  // far from what one message to an applier may have

const delivery::Definition* CurrentDefinition(const delivery::Delivery& delivery,
                                              const delivery::Definitions& definitions) {
  const auto trigger = definitions.triggers.find(delivery.trigger_id);
  return trigger == definitions.triggers.end() ? nullptr : &definitions.definitions.at(trigger->second.definition_id);
}

}  // namespace

bool IsToBeApplied(const delivery::Delivery& delivery, const delivery::HttpAnswer& answer,
                   const delivery::Definitions& definitions) {
  const delivery::Definition* definition = CurrentDefinition(delivery, definitions);
  return definition && definition->apply && answer.status >= 200 && answer.status < 300;
}

std::string Unfit(const delivery::Delivery& delivery, const delivery::HttpAnswer& answer) {
  if (delivery.event->Size() > kMostEventApplied) return "the event is larger than 256 MB";
  if (answer.body.size() > delivery::kMostApplied) return "the response is larger than 1 MB";
  if (ReadableText(answer.body, answer.body.size(), false) != answer.body) return "the response is not UTF-8";
  return "";
}

Task MakeTask(const delivery::Delivery& delivery, const delivery::HttpAnswer& answer,
              const delivery::Definitions& definitions) {
  const delivery::ApplyRule& rule = *CurrentDefinition(delivery, definitions)->apply;
  return {{answer.id, rule.statement, rule.search_path, UuidText(delivery.key),
           delivery::HasuraBody(delivery::SourceOf(delivery, definitions)), answer.body},
          delivery.trigger_id,
          rule.role};
}

}  // namespace threefactor::apply
