// YAML as JSON, and the files of a project.
#include "commands/yaml.hpp"

#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "commands/project.hpp"

using threefactor::Error;
using threefactor::Json;
using threefactor::JsonBuilder;
using namespace threefactor::commands;

namespace {

std::string Read(const std::string& text) {
  JsonBuilder builder(256);
  const Json value = ParseYaml(
      text, builder, [&builder](std::string_view path) { return builder.String("<" + std::string(path) + ">"); });
  return WriteJson(builder.Take(value).root());
}

std::string Refusal(const std::function<void()>& read) {
  try {
    read();
  } catch (const Error& error) {
    return error.message();
  }
  return "it was read";
}

// A directory that goes with its owner.
class Directory {
 public:
  Directory() : path_(std::filesystem::temp_directory_path() / "threefactor-unit-project") {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~Directory() { std::filesystem::remove_all(path_); }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;

  void Write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name) << text;
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace

TEST_CASE("yaml: values as the core schema has them", "[yaml]") {
  CHECK(Read("") == "null");
  CHECK(Read("~") == "null");
  CHECK(Read("a: 1\nb: [true, False, null, ~, '', \"1\", yes, 007, 1.50, -0, 1e400, .5, 0x1f]") ==
        R"({"a":1,"b":[true,false,null,null,"","1","yes","007",1.50,-0,1e400,".5","0x1f"]})");
  CHECK(Read("query: |\n  { a }\n  # \"x\"\n") == R"({"query":"{ a }\n# \"x\"\n"})");
  CHECK(Read("{a: {b: []}, c: !!str 12}") == R"({"a":{"b":[]},"c":"12"})");
}

TEST_CASE("yaml: files are included by a tag or by a text", "[yaml]") {
  CHECK(Read("- !include a/b.yaml\n- \"!include c.yaml\"\n- '!included'") ==
        R"(["<a/b.yaml>","<c.yaml>","!included"])");
}

TEST_CASE("yaml: what is not read is refused with its line", "[yaml]") {
  CHECK(Refusal([] { Read("a: 1\na: 2"); }) == "line 2: the key \"a\" is given twice");
  CHECK(Refusal([] { Read("a: &x 1\nb: *x"); }) == "line 2: aliases are not supported: write the value out");
  CHECK_THAT(Refusal([] { Read("a: [1"); }), Catch::Matchers::StartsWith("line "));
  CHECK(Refusal([] { Read("a: 1\n---\nb: 1"); }) == "line 2: only one document is expected");
  CHECK(Refusal([] { Read("? [a]\n: 1"); }) == "line 1: a key must be text");
  CHECK_THAT(Refusal([] { Read(std::string(100000, '[')); }), Catch::Contains("nested too deeply"));
  CHECK_THAT(Refusal([] { Read("a: !!binary aGk="); }), Catch::Contains("is not supported"));
}

TEST_CASE("project: a directory of files is one document", "[yaml]") {
  const Directory directory;
  directory.Write("config.yaml", "version: 3\nmetadata_directory: meta\n");
  directory.Write("meta/version.yaml", "version: 3\n");
  directory.Write("meta/databases/databases.yaml",
                  "- name: default\n  kind: postgres\n  tables: \"!include default/tables/tables.yaml\"\n");
  directory.Write("meta/databases/default/tables/tables.yaml", "- \"!include public_t.yaml\"\n");
  directory.Write("meta/databases/default/tables/public_t.yaml", "table:\n  name: t\n  schema: public\n");
  directory.Write("meta/allow_list.yaml", "[]\n");
  directory.Write("meta/actions.yaml", "actions: []\ncustom_types:\n  enums: []\n");
  directory.Write("meta/actions.graphql", "\n");
  CHECK(WriteJson(ReadProject(directory.path()).metadata.root()) ==
        R"({"actions":[],"custom_types":{"enums":[]},"allowlist":[],"sources":[{"name":"default","kind":"postgres",)"
        R"("tables":[{"table":{"name":"t","schema":"public"}}]}],"version":3})");
}

TEST_CASE("project: files are read from below the directory alone, and each error names its file", "[yaml]") {
  const Directory directory;
  const auto refusal = [&](const std::string& tables) {
    directory.Write("project/metadata/version.yaml", "version: 2\n");
    directory.Write("project/metadata/tables.yaml", tables);
    directory.Write("outside.yaml", "secret: 1\n");
    return Refusal([&] { ReadProject(directory.path() / "project"); });
  };
  CHECK_THAT(refusal("- !include ../../outside.yaml\n"), Catch::Contains("included from outside of"));
  CHECK_THAT(refusal("- !include /etc/hostname\n"), Catch::Contains("included from outside of"));
  CHECK_THAT(refusal("- !include tables.yaml\n"), Catch::Contains("included in a circle"));
  CHECK_THAT(refusal("- !include absent.yaml\n"), Catch::Contains("absent.yaml: there is no such file"));
  CHECK_THAT(refusal("- [\n"), Catch::Contains("tables.yaml: line "));
  directory.Write("project/metadata/strange.yaml", "a: 1\n");
  CHECK_THAT(refusal("[]"), Catch::Contains("strange.yaml: not a file of the metadata that is known"));
  CHECK_THAT(Refusal([&] { ReadProject(directory.path() / "absent"); }), Catch::Contains("there is no such file"));
  CHECK_THAT(Refusal([&] { ReadProject(directory.path()); }), Catch::Contains("no metadata of Hasura"));
}

TEST_CASE("project: a file of JSON or YAML, with or without a version of the resource", "[yaml]") {
  const Directory directory;
  directory.Write("m.json", R"({"resource_version":7,"metadata":{"version":3,"sources":[]}})");
  directory.Write("m.yaml", "version: 3\nsources: []\n");
  CHECK(WriteJson(ReadProject(directory.path() / "m.json").metadata.root()) == R"({"version":3,"sources":[]})");
  CHECK(WriteJson(ReadProject(directory.path() / "m.yaml").metadata.root()) == R"({"version":3,"sources":[]})");
}
