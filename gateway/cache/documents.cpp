#include "cache/documents.hpp"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <stdexcept>

#include "base/error.hpp"

namespace threefactor::cache {

namespace {

std::string Sha256(std::string_view text) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
  std::string hexadecimal;
  for (const unsigned char byte : digest) hexadecimal += fmt::format("{:02x}", byte);
  return hexadecimal;
}

// The hash of Apollo's protocol: {"persistedQuery": {"version": 1, "sha256Hash": "..."}}. Empty: none is named.
std::string_view PersistedHash(const Json* extensions) {
  if (extensions == nullptr) return {};
  const Json* persisted = extensions->Find("persistedQuery");
  if (persisted == nullptr || persisted->IsNull()) return {};
  if (!persisted->IsObject()) throw Error(code::kBadRequest, "\"persistedQuery\" must be an object");
  RefuseRepeated(*persisted, "extensions.persistedQuery");
  const Json* version = persisted->Find("version");
  if (version == nullptr || !version->IsNumber() || version->Text() != "1")
    throw Error(code::kBadRequest, "Unsupported persisted query version");
  const Json* hash = persisted->Find("sha256Hash");
  if (hash == nullptr || !hash->IsString() || hash->Text().empty())
    throw Error(code::kBadRequest, "\"sha256Hash\" must be a string");
  return hash->Text();
}

std::string_view WithoutScheme(std::string_view id) {
  constexpr std::string_view kScheme = "sha256:";
  return id.starts_with(kScheme) ? id.substr(kScheme.size()) : id;
}

JsonDocument ReadTrusted(std::string_view text, const std::string& file) {
  try {
    return ParseJson(text, fmt::format("--trusted-documents: \"{}\"", file));
  } catch (const Error& error) {
    throw std::runtime_error(error.message());
  }
}

}  // namespace

void Documents::Trust(const std::string& file) {
  std::ifstream input(file);
  if (!input) throw std::runtime_error(fmt::format("--trusted-documents: cannot read \"{}\"", file));
  const std::string bytes{std::istreambuf_iterator<char>(input), {}};
  const JsonDocument document = ReadTrusted(bytes, file);
  const Json& json = document.root();
  const auto add = [&](const Json& id, const Json& text) {
    if (!id.IsString() || !text.IsString())
      throw std::runtime_error(fmt::format("--trusted-documents: ids and documents in \"{}\" must be strings", file));
    trusted_texts_.emplace(text.Text());
    trusted_.insert_or_assign(std::string(WithoutScheme(id.Text())), std::string(text.Text()));
  };
  if (!json.IsObject()) throw std::runtime_error(fmt::format("--trusted-documents: \"{}\" holds no object", file));
  const Json* operations = json.Find("operations");
  if (operations != nullptr && operations->IsArray()) {
    for (const Json& operation : operations->Items()) {
      const Json* id = operation.Find("id");
      const Json* text = operation.Find("body");
      if (id == nullptr || text == nullptr)
        throw std::runtime_error(
            fmt::format("--trusted-documents: an operation in \"{}\" lacks \"id\" or \"body\"", file));
      add(*id, *text);
    }
  } else {
    for (const auto& [id, text] : json.Members()) add(id, text);
  }
  trusted_only_ = true;
}

Document Documents::Resolve(std::string_view query, std::string_view document_id, const Json* extensions) {
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
  const MutexLock lock(mutex_);
  const auto found = by_hash_.find(hash);
  if (found == by_hash_.end()) throw Error(code::kPersistedQueryNotFound, "PersistedQueryNotFound");
  registered_.splice(registered_.begin(), registered_, found->second);
  return {*found->second->text, found->second->text};
}

void Documents::Register(std::string_view hash, std::string_view text) {
  const MutexLock lock(mutex_);
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
