#include "cache/operation_cache.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/error.hpp"
#include "plan/value.hpp"
#include "validation/coerce.hpp"

namespace threefactor::cache {

namespace {

constexpr std::size_t kMostTemplates = 8;      // of one document
constexpr std::size_t kMostShape = 16u << 10;  // bytes: a bulk insert will hardly come again

// An entry keeps its schema, so that no other one gets the same address meanwhile.
std::string KeyOf(const schema::Schema* schema, const Request& request) {
  std::string key;
  key.reserve(sizeof schema + request.query.size() + 1 + request.operation_name.size());
  return key.append(reinterpret_cast<const char*>(&schema), sizeof schema)
      .append(request.operation_name)
      .append(1, '\0')
      .append(request.query);
}

std::size_t SizeOf(const sql::Compiled& compiled) {
  std::size_t size = sizeof compiled + compiled.operation_name.size();
  for (const sql::Statement& statement : compiled.statements) {
    size += sizeof statement + statement.text.size() + statement.error_path.size() + statement.refusal.size();
    for (const auto& parameter : statement.parameters) size += sizeof parameter + (parameter ? parameter->size() : 0);
  }
  for (const sql::Part& part : compiled.parts) size += sizeof part + part.text.size();
  return size + compiled.reads.size() * sizeof(schema::Oid);
}

// Which values of the variables are parameters in every use. A value that is used twice and becomes a parameter once
// has decided something too.
class FreeValues {
 public:
  FreeValues(const validation::Operation& operation, const std::vector<sql::Sources>& sources) {
    for (const validation::VariableUse& variable : operation.variables)
      if (variable.uses > 0) Count(*variable.sent, variable.uses);
    for (const sql::Sources& parameters : sources)
      for (const validation::Value* source : parameters)
        if (source != nullptr) parameter_uses_[source->origin.sent].insert(source->origin.use);
  }

  bool Has(const Json& value) const {
    const auto uses = uses_.find(&value);
    const auto as_parameter = parameter_uses_.find(&value);
    return uses != uses_.end() && as_parameter != parameter_uses_.end() &&
           as_parameter->second.size() == static_cast<std::size_t>(uses->second);
  }

 private:
  void Count(const Json& value, int uses) {
    uses_[&value] = uses;
    for (const auto& [name, inner] : value.Members()) Count(inner, uses);
    for (const Json& item : value.Items()) Count(item, uses);
  }

  std::map<const Json*, int> uses_;
  std::map<const Json*, std::set<int>> parameter_uses_;
};

}  // namespace

std::shared_ptr<const sql::Compiled> OperationCache::Find(const std::shared_ptr<const schema::Schema>& schema,
                                                          const Request& request, const Limits& limits) {
  schema_ = schema;
  if (const auto found = by_key_.find(KeyOf(schema_.get(), request)); found != by_key_.end()) {
    entries_.splice(entries_.begin(), entries_, found->second);
    for (const Template& each : found->second->templates) {
      if (!each.shape->Matches(request.variables, free_)) continue;
      if (auto bound = Bind(each, free_, limits)) {
        ++hits_;
        return bound;
      }
      break;
    }
  }
  ++misses_;
  return nullptr;
}

std::shared_ptr<const sql::Compiled> OperationCache::Bind(const Template& found, const std::vector<const Json*>& free,
                                                          const Limits& limits) {
  if (found.slots.empty()) return found.compiled;
  auto bound = std::make_shared<sql::Compiled>(*found.compiled);
  try {
    validation::Variables none;
    for (const Slot& slot : found.slots) {
      validation::Path path(slot.path);
      const validation::Value value =
          validation::Coercion(none, limits, path).Coerce(slot.place, validation::Input(*free[slot.free]));
      bound->statements[slot.statement].parameters[slot.parameter] = plan::TextOf(value);
    }
  } catch (const Error&) {
    return nullptr;
  }
  return bound;
}

void OperationCache::Keep(const Request& request, const validation::Operation& operation,
                          const std::shared_ptr<const sql::Compiled>& compiled,
                          const std::vector<sql::Sources>& sources) {
  const FreeValues free_values(operation, sources);
  Template made;
  made.shape = std::make_unique<Shape>(request.variables, [&](const Json& value) { return free_values.Has(value); });
  if (made.shape->Size() > kMostShape || !made.shape->Matches(request.variables, free_)) return;
  made.compiled = compiled;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    for (std::size_t j = 0; j < sources[i].size(); ++j) {
      const validation::Value* source = sources[i][j];
      if (source == nullptr) continue;
      const auto free = std::find(free_.begin(), free_.end(), source->origin.sent);
      if (free == free_.end()) continue;
      made.slots.push_back({static_cast<std::size_t>(free - free_.begin()), i, j, source->origin.place, source->path});
    }
  }
  made.bytes = sizeof(Template) + made.shape->Size() + made.slots.size() * sizeof(Slot) + SizeOf(*compiled);

  auto found = by_key_.find(KeyOf(schema_.get(), request));
  if (found == by_key_.end()) {
    std::string key = KeyOf(schema_.get(), request);
    const std::size_t bytes = sizeof(Entry) + key.size();
    entries_.push_front({std::move(key), schema_, {}, bytes});
    bytes_ += bytes;
    found = by_key_.emplace(entries_.front().key, entries_.begin()).first;
  }
  Entry& entry = *found->second;
  bytes_ -= entry.bytes;
  if (entry.templates.size() == kMostTemplates) {
    entry.bytes -= entry.templates.back().bytes;
    entry.templates.pop_back();
  }
  entry.bytes += made.bytes;
  entry.templates.insert(entry.templates.begin(), std::move(made));
  bytes_ += entry.bytes;
  Shrink();
}

void OperationCache::KeepOnly(const std::function<bool(const schema::Schema&)>& is_kept) {
  if (schema_ != nullptr && !is_kept(*schema_)) schema_ = nullptr;
  for (auto entry = entries_.begin(); entry != entries_.end();) {
    if (is_kept(*entry->schema)) {
      ++entry;
      continue;
    }
    by_key_.erase(entry->key);
    bytes_ -= entry->bytes;
    entry = entries_.erase(entry);
  }
}

void OperationCache::Shrink() {
  while (bytes_ > most_bytes_ && !entries_.empty()) {
    by_key_.erase(entries_.back().key);
    bytes_ -= entries_.back().bytes;
    entries_.pop_back();
  }
}

}  // namespace threefactor::cache
