// Operations that were compiled before, so that a repeated one skips lexer, parser, validation, planning and rendering.
// Keyed by document, operation name and the shape of the variables (shape.hpp): what is left to do is to coerce the
// values that are parameters, by the same code. Owned and used by one event loop; bounded in bytes, least recently used
// documents go first. What was compiled under one schema is found under that alone.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/limits.hpp"
#include "base/request.hpp"
#include "cache/shape.hpp"
#include "schema/type_system.hpp"
#include "sql/compile.hpp"
#include "validation/operation.hpp"

namespace threefactor::cache {

class OperationCache {
 public:
  explicit OperationCache(std::size_t most_bytes) : most_bytes_(most_bytes) {}

  // The compiled operation, with this request's values as parameters. Null: it has to be compiled (which also tells
  // what is wrong, when a value is).
  std::shared_ptr<const sql::Compiled> Find(const std::shared_ptr<const schema::Schema>& schema, const Request& request,
                                            const Limits& limits);

  // Forgets what was compiled under others.
  void KeepOnly(const std::function<bool(const schema::Schema&)>& is_kept);

  // Remembers what was made of `request` under the schema of the last Find. `operation` is what was planned.
  void Keep(const Request& request, const validation::Operation& operation,
            const std::shared_ptr<const sql::Compiled>& compiled, const std::vector<sql::Sources>& sources);

  std::uint64_t hits() const { return hits_; }
  std::uint64_t misses() const { return misses_; }
  std::size_t bytes() const { return bytes_; }

 private:
  // A parameter that is a value of the variables.
  struct Slot {
    std::size_t free;  // index into what Shape::Matches finds
    std::size_t statement;
    std::size_t parameter;
    validation::Place place;
    std::string path;
  };
  struct Template {
    std::unique_ptr<Shape> shape;
    std::shared_ptr<const sql::Compiled> compiled;
    std::vector<Slot> slots;
    std::size_t bytes;
  };
  struct Entry {
    std::string key;
    std::shared_ptr<const schema::Schema> schema;  // places of slots point into it
    std::vector<Template> templates;               // of different shapes, the newest first
    std::size_t bytes;
  };
  using Entries = std::list<Entry>;

  static std::shared_ptr<const sql::Compiled> Bind(const Template& found, const std::vector<const Json*>& free,
                                                   const Limits& limits);
  void Shrink();

  const std::size_t most_bytes_;
  std::shared_ptr<const schema::Schema> schema_;  // of the last Find
  Entries entries_;                               // the most recently used first
  std::unordered_map<std::string_view, Entries::iterator> by_key_;
  std::vector<const Json*> free_;  // scratch
  std::size_t bytes_ = 0;
  std::uint64_t hits_ = 0;
  std::uint64_t misses_ = 0;
};

}  // namespace threefactor::cache
