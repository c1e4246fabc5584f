#include "cache/documents.hpp"

#include <fmt/format.h>
#include <openssl/sha.h>
#include <rapidjson/error/en.h>
#include <rapidjson/istreamwrapper.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <stdexcept>

#include "error.hpp"

namespace threefactor::cache {

namespace {

using rapidjson::Value;

std::string_view View(const Value& text) {
  return {text.GetString(), text.GetStringLength()};
}

std::string Sha256(std::string_view text) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
  std::string hexadecimal;
  for (const unsigned char byte : digest) hexadecimal += fmt::format("{:02x}", byte);
  return hexadecimal;
}

// The hash of Apollo's protocol: {"persistedQuery": {"version": 1, "sha256Hash": "..."}}. Empty: none is named.
std::string_view PersistedHash(const Value* extensions) {
  if (extensions == nullptr) return {};
  const auto persisted = extensions->FindMember("persistedQuery");
  if (persisted == extensions->MemberEnd() || persisted->value.IsNull()) return {};
  if (!persisted->value.IsObject()) throw Error(code::kBadRequest, "\"persistedQuery\" must be an object");
  const auto version = persisted->value.FindMember("version");
  if (version == persisted->value.MemberEnd() || !version->value.IsInt() || version->value.GetInt() != 1)
    throw Error(code::kBadRequest, "Unsupported persisted query version");
  const auto hash = persisted->value.FindMember("sha256Hash");
  if (hash == persisted->value.MemberEnd() || !hash->value.IsString() || hash->value.GetStringLength() == 0)
    throw Error(code::kBadRequest, "\"sha256Hash\" must be a string");
  return View(hash->value);
}

std::string_view WithoutScheme(std::string_view id) {
  constexpr std::string_view kScheme = "sha256:";
  return id.starts_with(kScheme) ? id.substr(kScheme.size()) : id;
}

}  // namespace

void Documents::Trust(const std::string& file) {
  std::ifstream input(file);
  if (!input) throw std::runtime_error(fmt::format("--trusted-documents: cannot read \"{}\"", file));
  rapidjson::IStreamWrapper stream(input);
  rapidjson::Document json;
  json.ParseStream<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>(stream);
  if (json.HasParseError())
    throw std::runtime_error(fmt::format("--trusted-documents: \"{}\" is not JSON: {} At byte {}.", file,
                                         rapidjson::GetParseError_En(json.GetParseError()), json.GetErrorOffset()));
  const auto add = [&](const Value& id, const Value& text) {
    if (!id.IsString() || !text.IsString())
      throw std::runtime_error(fmt::format("--trusted-documents: ids and documents in \"{}\" must be strings", file));
    trusted_texts_.emplace(View(text));
    trusted_.insert_or_assign(std::string(WithoutScheme(View(id))), std::string(View(text)));
  };
  if (!json.IsObject()) throw std::runtime_error(fmt::format("--trusted-documents: \"{}\" holds no object", file));
  const auto operations = json.FindMember("operations");
  if (operations != json.MemberEnd() && operations->value.IsArray()) {
    for (const Value& operation : operations->value.GetArray()) {
      if (!operation.IsObject() || !operation.HasMember("id") || !operation.HasMember("body"))
        throw std::runtime_error(
            fmt::format("--trusted-documents: an operation in \"{}\" lacks \"id\" or \"body\"", file));
      add(operation["id"], operation["body"]);
    }
  } else {
    for (const auto& member : json.GetObject()) add(member.name, member.value);
  }
  trusted_only_ = true;
}

Document Documents::Resolve(std::string_view query, std::string_view document_id, const Value* extensions) {
  const std::string_view hash = PersistedHash(extensions);
  const std::string_view id = WithoutScheme(document_id.empty() ? hash : document_id);
  if (trusted_only_) return ResolveTrusted(query, id);
  if (id.empty()) {
    if (!query.data()) throw Error(code::kBadRequest, "\"query\" is missing");
    return {query, nullptr};
  }
  if (!query.data()) return FindRegistered(id);
  if (Sha256(query) != id) throw Error(code::kBadRequest, "provided sha does not match query");
  Register(id, query);
  return {query, nullptr};
}

Document Documents::ResolveTrusted(std::string_view query, std::string_view id) const {
  if (query.data()) {
    if (trusted_texts_.contains(std::string(query))) return {query, nullptr};
  } else if (const auto found = trusted_.find(std::string(id)); found != trusted_.end()) {
    return {found->second, nullptr};  // lives as long as this
  }
  if (!query.data() && id.empty()) throw Error(code::kBadRequest, "\"query\" is missing");
  throw Error(code::kValidationFailed, "query is not allowed");
}

Document Documents::FindRegistered(std::string_view hash) {
  const std::lock_guard guard(lock_);
  const auto found = by_hash_.find(hash);
  if (found == by_hash_.end()) throw Error(code::kPersistedQueryNotFound, "PersistedQueryNotFound");
  registered_.splice(registered_.begin(), registered_, found->second);
  return {*found->second->text, found->second->text};
}

void Documents::Register(std::string_view hash, std::string_view text) {
  const std::lock_guard guard(lock_);
  if (by_hash_.contains(hash)) return;
  registered_.push_front({std::string(hash), std::make_shared<const std::string>(text)});
  by_hash_.emplace(registered_.front().hash, registered_.begin());
  bytes_ += text.size();
  while (bytes_ > most_bytes_ && !registered_.empty()) {
    bytes_ -= registered_.back().text->size();
    by_hash_.erase(registered_.back().hash);
    registered_.pop_back();
  }
}

}  // namespace threefactor::cache
