#include "message/doubts.hpp"

#include <curl/curl.h>

#include <memory>

namespace threefactor::delivery {

namespace {

// As libcurl reads it: 0x7f.1 is 127.0.0.1. Empty: the URL has none.
std::string HostOf(const std::string& url) {
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parsed(curl_url(), curl_url_cleanup);
  char* host = nullptr;
  if (!parsed || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK ||
      curl_url_get(parsed.get(), CURLUPART_HOST, &host, 0) != CURLUE_OK)
    return "";
  const std::unique_ptr<char, decltype(&curl_free)> owned(host, curl_free);
  std::string name(host);
  if (name.starts_with('[') && name.ends_with(']')) name = name.substr(1, name.size() - 2);
  return name;
}

bool IsLocalhost(std::string host) {
  if (host.ends_with('.')) host.pop_back();
  for (char& c : host)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return host == "localhost" || host.ends_with(".localhost");
}

class Doubts {
 public:
  explicit Doubts(const Environment& environment) : environment_(environment) {}

  void Variable(const std::string& name) {
    try {
      (void)environment_.Value(name);
    } catch (const CannotPost& problem) {
      found_.push_back({problem.what(),
                        "A superuser names it in threefactor.environment_variables, and it is set where the server "
                        "starts (a restart makes it known)."});
    }
  }

  void Webhook(const std::string& webhook, const EgressRule* egress) {
    for (std::size_t open = webhook.find("{{"); open != std::string::npos; open = webhook.find("{{", open + 2)) {
      const std::size_t close = webhook.find("}}", open);
      if (close != std::string::npos) Variable(webhook.substr(open + 2, close - open - 2));
    }
    if (!found_.empty()) return;
    try {
      Host(HostOf(ExpandUrl(webhook, environment_)), egress);
    } catch (const CannotPost& problem) {
      found_.push_back({problem.what(), "It is what the webhook is once environment variables are in it."});
    }
  }

  std::vector<Doubt> Take() { return std::move(found_); }

 private:
  void Host(const std::string& host, const EgressRule* egress) {
    if (host.empty()) {
      found_.push_back({"the webhook's URL has no host that can be one", "Write http://host/path."});
      return;
    }
    if (egress && RefusalOf(*egress, IsLocalhost(host) ? "127.0.0.1" : host.c_str()))
      found_.push_back({"the webhook's address may not be connected to",
                        "See the settings threefactor.denied_networks and threefactor.allowed_networks."});
  }

  const Environment& environment_;
  std::vector<Doubt> found_;
};

}  // namespace

std::vector<Doubt> DoubtsOf(const std::string& webhook, const std::vector<std::string>& variables,
                            const Environment& environment, const EgressRule* egress) {
  Doubts doubts(environment);
  doubts.Webhook(webhook, egress);
  for (const std::string& variable : variables) doubts.Variable(variable);
  return doubts.Take();
}

}  // namespace threefactor::delivery
