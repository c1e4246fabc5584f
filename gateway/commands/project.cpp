#include "commands/project.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <string>

#include "base/error.hpp"
#include "commands/yaml.hpp"

namespace threefactor::commands {

namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kLargestFile = 64 << 20;
constexpr int kDeepestInclude = 16;

std::string ReadFile(const fs::path& path) {
  std::error_code error;
  const std::uintmax_t size = fs::is_regular_file(path, error) ? fs::file_size(path, error) : 0;
  std::ifstream file(path, std::ios::binary);
  if (error || !fs::is_regular_file(path, error) || !file)
    throw Error(code::kNotFound, fmt::format("{}: there is no such file, or it cannot be read", path.string()));
  if (size > kLargestFile)
    throw Error(code::kBadRequest, fmt::format("{}: larger than {} MB", path.string(), kLargestFile >> 20));
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

bool IsYaml(const fs::path& path) {
  return path.extension() == ".yaml" || path.extension() == ".yml";
}

// Reads files below `root`, each with what it includes.
class Files {
 public:
  Files(fs::path root, JsonBuilder& builder) : root_(fs::canonical(root)), builder_(builder) {}

  Json Read(const fs::path& path) {
    if (depth_ >= kDeepestInclude)
      throw Error(code::kBadRequest, fmt::format("{}: included in a circle, or too deeply", path.string()));
    ++depth_;
    const std::string text = ReadFile(path);
    try {
      const Json value = ParseYaml(
          text, builder_, [&](std::string_view included) { return Read(Below(path.parent_path() / included)); });
      --depth_;
      return value;
    } catch (const Error& error) {
      if (error.path() != "$" || error.message().starts_with(root_.string())) throw;
      throw Error(error.code(), fmt::format("{}: {}", path.string(), error.message()));
    }
  }

 private:
  // Whatever a file includes stands beside it: not the files of others on this machine.
  fs::path Below(const fs::path& path) const {
    std::error_code error;
    fs::path whole = fs::weakly_canonical(path, error);
    const auto [end, rest] = std::mismatch(root_.begin(), root_.end(), whole.begin(), whole.end());
    if (error || end != root_.end())
      throw Error(code::kBadRequest, fmt::format("{}: included from outside of {}", path.string(), root_.string()));
    return whole;
  }

  fs::path root_;
  JsonBuilder& builder_;
  int depth_ = 0;
};

// Which member of the metadata a file holds, where its name does not say so.
struct FileName {
  std::string_view file;
  std::string_view member;
};
constexpr std::array kFiles = {
    FileName{"tables", "tables"},
    FileName{"functions", "functions"},
    FileName{"allow_list", "allowlist"},
    FileName{"allowlist", "allowlist"},
    FileName{"query_collections", "query_collections"},
    FileName{"cron_triggers", "cron_triggers"},
    FileName{"remote_schemas", "remote_schemas"},
    FileName{"rest_endpoints", "rest_endpoints"},
    FileName{"inherited_roles", "inherited_roles"},
    FileName{"api_limits", "api_limits"},
    FileName{"network", "network"},
    FileName{"metrics_config", "metrics_config"},
    FileName{"opentelemetry", "opentelemetry"},
    FileName{"backend_configs", "backend_configs"},
    FileName{"graphql_schema_introspection", "graphql_schema_introspection"},
};

bool IsMetadataDirectory(const fs::path& path) {
  for (const char* file : {"version.yaml", "databases.yaml", "tables.yaml"})
    if (fs::exists(path / file)) return true;
  return fs::exists(path / "databases" / "databases.yaml");
}

fs::path FindMetadata(const fs::path& directory) {
  if (IsMetadataDirectory(directory)) return directory;
  std::string name = "metadata";
  if (fs::exists(directory / "config.yaml")) {
    JsonBuilder builder(1024);
    const Json config = Files(directory, builder).Read(directory / "config.yaml");
    const Json* given = config.Find("metadata_directory");
    if (given != nullptr && given->IsString()) name = given->Text();
  }
  if (IsMetadataDirectory(directory / name)) return directory / name;
  throw Error(
      code::kNotFound,
      fmt::format("{}: no metadata of Hasura: neither version.yaml, databases/databases.yaml nor tables.yaml is "
                  "there, nor in {}",
                  directory.string(), (directory / name).string()));
}

Json ReadDirectory(const fs::path& directory, JsonBuilder& builder) {
  Files files(directory, builder);
  std::vector<Json> members;
  const auto add = [&](std::string_view name, const Json& value) {
    members.insert(members.end(), {builder.String(name), value});
  };
  std::vector<fs::path> entries;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory)) entries.push_back(entry.path());
  std::sort(entries.begin(), entries.end());
  Json version = builder.Number("3");
  for (const fs::path& entry : entries) {
    const std::string stem = entry.stem().string();
    if (fs::is_directory(entry) || !IsYaml(entry)) continue;  // databases/, actions.graphql
    const Json value = files.Read(entry);
    const auto* file =
        std::find_if(kFiles.begin(), kFiles.end(), [&](const FileName& each) { return each.file == stem; });
    if (stem == "version") {
      if (const Json* given = value.Find("version")) version = *given;
    } else if (stem == "databases") {
      add("sources", value);
    } else if (stem == "actions") {  // two members in one file
      for (const auto& [name, member] : value.Members()) add(name.Text(), member);
    } else if (file != kFiles.end()) {
      if (!value.IsNull()) add(file->member, value);
    } else {
      throw Error(code::kNotSupported, fmt::format("{}: not a file of the metadata that is known", entry.string()));
    }
  }
  if (const fs::path databases = directory / "databases" / "databases.yaml"; fs::exists(databases))
    add("sources", files.Read(databases));
  add("version", version);
  return builder.Object(members);
}

}  // namespace

Project ReadProject(const fs::path& path) {
  Project project;
  if (!fs::exists(path))
    throw Error(code::kNotFound, fmt::format("{}: there is no such file or directory", path.string()));
  JsonBuilder builder(1 << 16);
  Json metadata;
  if (fs::is_directory(path)) {
    metadata = ReadDirectory(FindMetadata(path), builder);
  } else if (IsYaml(path)) {
    metadata = Files(path.parent_path().empty() ? fs::path(".") : path.parent_path(), builder).Read(path);
  } else {
    project.others.push_back(ParseJson(ReadFile(path), path.string()));
    metadata = project.others.back().root();
  }
  // export_metadata of version 2 wraps it.
  if (const Json* inner = metadata.Find("metadata"); inner != nullptr && metadata.Find("resource_version") != nullptr)
    metadata = *inner;
  project.metadata = builder.Take(metadata);
  return project;
}

}  // namespace threefactor::commands
