#include "http/consent.hpp"

#include <strings.h>

#include <charconv>
#include <utility>

namespace threefactor::delivery {

namespace {

constexpr Time kConsentLasts = 3600LL * 1000000;

bool SaysYes(const HttpAnswer& answer, const std::string& origin) {
  return answer.allowed_origin &&
         (*answer.allowed_origin == "*" || strcasecmp(answer.allowed_origin->c_str(), origin.c_str()) == 0);
}

std::string WhyNot(const HttpAnswer& answer, const std::string& origin) {
  if (answer.status == 0) return "the endpoint could not be asked for its consent: " + answer.error;
  return "the endpoint has not consented to deliveries: its answer to OPTIONS (status " +
         std::to_string(answer.status) + ") has no WebHook-Allowed-Origin: " + origin;
}

// WebHook-Allowed-Rate: requests each minute, "*" or nothing for any number. Each second; 0: any number.
double AllowedRate(const HttpAnswer& answer) {
  if (!answer.allowed_rate) return 0;
  const std::string& text = *answer.allowed_rate;
  unsigned minute = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), minute);
  return error == std::errc{} && end == text.data() + text.size() ? minute / 60.0 : 0;
}

}  // namespace

void Consents::Pass(HttpRequest request, Time now, const Send& send) {
  if (!request.validate) {
    send(std::move(request));
    return;
  }
  Endpoint& endpoint = endpoints_[request.url];
  request.headers.push_back("Origin: " + origin_);
  if (now < endpoint.consented_until) {
    send(std::move(request));
    return;
  }
  if (endpoint.held.empty()) {
    HttpRequest question;
    question.id = request.id;
    question.url = request.url;
    question.method = HttpMethod::kOptions;
    question.headers = {"WebHook-Request-Origin: " + origin_};
    question.timeout = request.timeout;
    asked_.emplace(question.id, question.url);
    send(std::move(question));
  }
  endpoint.held.push_back(request.id);
}

std::vector<Consent> Consents::Take(std::vector<HttpAnswer>& answers, Time now) {
  std::vector<Consent> consents;
  if (asked_.empty()) return consents;
  std::vector<HttpAnswer> refused;
  std::erase_if(answers, [&](const HttpAnswer& answer) {
    const auto asked = asked_.extract(answer.id);
    if (!asked) return false;
    Endpoint& endpoint = endpoints_.at(asked.mapped());
    std::vector<std::uint64_t> held = std::exchange(endpoint.held, {});
    if (SaysYes(answer, origin_)) {
      endpoint.consented_until = now + kConsentLasts;
      consents.push_back({AllowedRate(answer), std::move(held)});
      return true;
    }
    endpoint.consented_until = 0;
    for (const std::uint64_t id : held) {
      HttpAnswer& no = refused.emplace_back();
      no.id = id;
      no.error = WhyNot(answer, origin_);
      no.retry_after = answer.retry_after;
      no.duration = answer.duration;
    }
    return true;
  });
  answers.insert(answers.end(), refused.begin(), refused.end());
  return consents;
}

}  // namespace threefactor::delivery
