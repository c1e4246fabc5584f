#include "commands/yaml.hpp"

#include <fmt/format.h>
#include <yaml.h>

#include <algorithm>
#include <memory>
#include <set>
#include <vector>

#include "base/error.hpp"

namespace threefactor::commands {

namespace {

constexpr int kDeepest = 200;
constexpr std::string_view kInclude = "!include";

struct EventDeleter {
  void operator()(yaml_event_t* event) const {
    yaml_event_delete(event);
    delete event;
  }
};
using Event = std::unique_ptr<yaml_event_t, EventDeleter>;

std::string_view View(const yaml_char_t* text, std::size_t size) {
  return {reinterpret_cast<const char*>(text), size};
}

// As RFC 8259 writes numbers.
bool IsNumber(std::string_view text) {
  const auto digits = [&text] {
    const std::size_t count = std::min(text.find_first_not_of("0123456789"), text.size());
    text.remove_prefix(count);
    return count;
  };
  if (text.starts_with('-')) text.remove_prefix(1);
  if (text.starts_with('0'))
    text.remove_prefix(1);
  else if (digits() == 0)
    return false;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (digits() == 0) return false;
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    if (digits() == 0) return false;
  }
  return text.empty();
}

class Parser {
 public:
  Parser(std::string_view text, JsonBuilder& builder, const Include& include) : builder_(builder), include_(include) {
    if (yaml_parser_initialize(&parser_) == 0) throw std::bad_alloc();
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  }
  ~Parser() { yaml_parser_delete(&parser_); }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  Json Parse() {
    Next();  // of the stream
    Event event = Next();
    if (event->type == YAML_STREAM_END_EVENT) return {};
    const Json value = ReadValue(Next(), 0);
    Next();  // the document's end
    event = Next();
    if (event->type != YAML_STREAM_END_EVENT) Fail(*event, "only one document is expected");
    return value;
  }

 private:
  [[noreturn]] static void Fail(const yaml_event_t& event, std::string_view what) {
    throw Error(code::kParseFailed, fmt::format("line {}: {}", event.start_mark.line + 1, what));
  }

  Event Next() {
    Event event(new yaml_event_t{});
    if (yaml_parser_parse(&parser_, event.get()) == 0)
      throw Error(code::kParseFailed, fmt::format("line {}: {}", parser_.problem_mark.line + 1,
                                                  parser_.problem == nullptr ? "not YAML" : parser_.problem));
    return event;
  }

  Json ReadValue(const Event& event, int depth) {
    if (depth > kDeepest) Fail(*event, "nested too deeply");
    switch (event->type) {
      case YAML_SCALAR_EVENT:
        return ReadScalar(*event);
      case YAML_SEQUENCE_START_EVENT:
        return ReadList(depth);
      case YAML_MAPPING_START_EVENT:
        return ReadObject(depth);
      case YAML_ALIAS_EVENT:
        Fail(*event, "aliases are not supported: write the value out");
      default:
        Fail(*event, "a value is expected");
    }
  }

  Json ReadScalar(const yaml_event_t& event) {
    const std::string_view text = View(event.data.scalar.value, event.data.scalar.length);
    const char* tag = reinterpret_cast<const char*>(event.data.scalar.tag);
    if (tag != nullptr && tag == kInclude) return include_(text);
    if (text.starts_with(kInclude) && text.size() > kInclude.size() && text[kInclude.size()] == ' ')
      return include_(text.substr(kInclude.size() + 1));
    if (tag != nullptr && std::string_view(tag) != YAML_STR_TAG)
      Fail(event, fmt::format("the tag {} is not supported", tag));
    if (tag != nullptr || event.data.scalar.style != YAML_PLAIN_SCALAR_STYLE) return builder_.String(text);
    if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") return {};
    if (text == "true" || text == "True" || text == "TRUE") return JsonBuilder::Boolean(true);
    if (text == "false" || text == "False" || text == "FALSE") return JsonBuilder::Boolean(false);
    return IsNumber(text) ? builder_.Number(text) : builder_.String(text);
  }

  Json ReadList(int depth) {
    std::vector<Json> items;
    for (Event event = Next(); event->type != YAML_SEQUENCE_END_EVENT; event = Next())
      items.push_back(ReadValue(event, depth + 1));
    return builder_.Array(items);
  }

  Json ReadObject(int depth) {
    std::vector<Json> members;
    std::set<std::string, std::less<>> names;
    for (Event event = Next(); event->type != YAML_MAPPING_END_EVENT; event = Next()) {
      if (event->type != YAML_SCALAR_EVENT) Fail(*event, "a key must be text");
      const std::string_view name = View(event->data.scalar.value, event->data.scalar.length);
      if (!names.emplace(name).second) Fail(*event, fmt::format("the key \"{}\" is given twice", name));
      members.push_back(builder_.String(name));
      members.push_back(ReadValue(Next(), depth + 1));
    }
    return builder_.Object(members);
  }

  yaml_parser_t parser_{};
  JsonBuilder& builder_;
  const Include& include_;
};

}  // namespace

Json ParseYaml(std::string_view text, JsonBuilder& builder, const Include& include) {
  return Parser(text, builder, include).Parse();
}

}  // namespace threefactor::commands
