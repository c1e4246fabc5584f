// The rules of validation as a program, so that whole suites of cases can be replayed against them.
//   graphql-validate SCHEMA DOCUMENT   files, or - for the standard input; prints the mistakes as a JSON array
//   graphql-validate --lines           reads {"schema": "...", "document": "..."} a line, prints an array a line
// A mistake is {"rule", "message", "locations": [{"line", "column"}]}; that of a text which is not GraphQL has the rule
// "Syntax". Exit status: 0 no mistakes, 1 some, 2 wrong usage or schema (a line: {"error": "..."}, and the next
// follows).
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <stdexcept>

#include "base/error.hpp"
#include "language/location.hpp"
#include "type_system_builder.hpp"
#include "validation/rules.hpp"

namespace {

using threefactor::Error;
using threefactor::validation::Violation;
using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

// Those of the gateway bound what a request may cost; a suite has stranger documents.
threefactor::Limits SuiteLimits() {
  threefactor::Limits limits;
  limits.document_bytes = 64 << 20;
  limits.tokens = 1'000'000;
  limits.depth = 500;
  limits.aliases = 1'000'000;
  return limits;
}

void WriteString(Writer& writer, std::string_view text) {
  writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

void WriteMistake(Writer& writer, std::string_view rule, std::string_view message,
                  const std::vector<threefactor::language::Location>& locations) {
  writer.StartObject();
  writer.Key("rule");
  WriteString(writer, rule);
  writer.Key("message");
  WriteString(writer, message);
  writer.Key("locations");
  writer.StartArray();
  for (const auto& location : locations) {
    writer.StartObject();
    writer.Key("line");
    writer.Uint64(location.line);
    writer.Key("column");
    writer.Uint64(location.column);
    writer.EndObject();
  }
  writer.EndArray();
  writer.EndObject();
}

void WriteSyntaxError(Writer& writer, const Error& error) {
  std::string message = error.message();
  std::vector<threefactor::language::Location> locations;
  rapidjson::Document internal;
  if (!error.internal().empty() && !internal.Parse(error.internal()).HasParseError()) {
    message += std::string(": expected ") + internal["expected"].GetString();
    locations.push_back({internal["line"].GetUint64(), internal["column"].GetUint64()});
  }
  WriteMistake(writer, "Syntax", message, locations);
}

class Validator {
 public:
  // Throws std::runtime_error when the schema is wrong. Keeps the last one: cases of a suite share theirs.
  void Use(const std::string& schema_text) {
    if (schema_ != nullptr && schema_text == schema_text_) return;
    try {
      schema_ = threefactor::validate::BuildTypeSystem(threefactor::validate::ParseTypeSystem(schema_text, limits_));
    } catch (const Error& error) {
      throw std::runtime_error("schema: " + error.message() + " " + error.internal());
    } catch (const std::runtime_error& error) {
      throw std::runtime_error(std::string("schema: ") + error.what());
    }
    schema_text_ = schema_text;
  }

  // The JSON array, and whether it has none.
  std::pair<std::string, bool> Check(const std::string& text) const {
    rapidjson::StringBuffer buffer;
    Writer writer(buffer);
    writer.StartArray();
    bool is_valid = false;
    try {
      const auto document = threefactor::validate::ParseTypeSystem(text, limits_);
      const auto facts = threefactor::validation::GatherFacts(*schema_, document.executable);
      const auto violations = threefactor::validation::FindViolations(facts, threefactor::validation::SpecifiedRules());
      is_valid = violations.empty();
      for (const Violation& violation : violations) {
        std::vector<threefactor::language::Location> locations;
        for (const std::uint32_t offset : violation.offsets) {
          locations.push_back(threefactor::language::LocationOf(text, offset));
        }
        WriteMistake(writer, violation.rule, violation.message, locations);
      }
    } catch (const Error& error) {
      WriteSyntaxError(writer, error);
    }
    writer.EndArray();
    return {{buffer.GetString(), buffer.GetSize()}, is_valid};
  }

 private:
  const threefactor::Limits limits_ = SuiteLimits();
  std::string schema_text_;
  std::shared_ptr<const threefactor::schema::Schema> schema_;
};

std::string ReadAll(const std::string& name) {
  std::ifstream file;
  if (name != "-") {
    file.open(name, std::ios::binary);
    if (!file) throw std::runtime_error("cannot read " + name);
  }
  std::istream& input = name == "-" ? std::cin : file;
  return {std::istreambuf_iterator<char>(input), {}};
}

std::string ErrorLine(const std::string& message) {
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  writer.StartObject();
  writer.Key("error");
  WriteString(writer, message);
  writer.EndObject();
  return {buffer.GetString(), buffer.GetSize()};
}

int CheckLines() {
  Validator validator;
  bool all_valid = true;
  bool all_checked = true;
  for (std::string line; std::getline(std::cin, line);) {
    rapidjson::Document request;
    request.Parse<rapidjson::kParseIterativeFlag>(line);
    const auto text_of = [&](const char* name) -> std::optional<std::string> {
      if (request.HasParseError() || !request.IsObject() || !request.HasMember(name)) return std::nullopt;
      const rapidjson::Value& value = request[name];
      if (!value.IsString()) return std::nullopt;
      return std::string(value.GetString(), value.GetStringLength());
    };
    const auto schema = text_of("schema");
    const auto document = text_of("document");
    try {
      if (!schema || !document) throw std::runtime_error("expected an object with the strings schema and document");
      validator.Use(*schema);
      const auto [mistakes, is_valid] = validator.Check(*document);
      all_valid = all_valid && is_valid;
      std::cout << mistakes << '\n';
    } catch (const std::runtime_error& error) {
      all_checked = false;
      std::cout << ErrorLine(error.what()) << '\n';
    }
    std::cout.flush();
  }
  return !all_checked ? 2 : all_valid ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) try {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments == std::vector<std::string>{"--lines"}) return CheckLines();
  if (arguments.size() != 2) {
    std::cerr << "usage: graphql-validate SCHEMA DOCUMENT | --lines\n";
    return 2;
  }
  Validator validator;
  validator.Use(ReadAll(arguments[0]));
  const auto [mistakes, is_valid] = validator.Check(ReadAll(arguments[1]));
  std::cout << mistakes << '\n';
  return is_valid ? 0 : 1;
} catch (const std::exception& error) {
  std::cerr << "graphql-validate: " << error.what() << '\n';
  return 2;
}
