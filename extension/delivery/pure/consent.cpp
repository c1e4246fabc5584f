#include "delivery/pure/consent.hpp"

#include <strings.h>

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
  endpoint.held.push_back(std::move(request));
}

void Consents::Take(std::vector<HttpAnswer>& answers, Time now, const Send& send) {
  if (asked_.empty()) return;
  std::vector<HttpAnswer> refused;
  std::erase_if(answers, [&](const HttpAnswer& answer) {
    if (!asked_.contains(answer.id)) return false;
    Answered(answer, now, send, refused);
    return true;
  });
  answers.insert(answers.end(), refused.begin(), refused.end());
}

void Consents::Answered(const HttpAnswer& answer, Time now, const Send& send, std::vector<HttpAnswer>& refused) {
  const auto asked = asked_.extract(answer.id);
  Endpoint& endpoint = endpoints_.at(asked.mapped());
  const bool consents = SaysYes(answer, origin_);
  endpoint.consented_until = consents ? now + kConsentLasts : 0;
  for (HttpRequest& request : std::exchange(endpoint.held, {})) {
    if (consents) {
      send(std::move(request));
      continue;
    }
    HttpAnswer& no = refused.emplace_back();
    no.id = request.id;
    no.error = WhyNot(answer, origin_);
    no.retry_after = answer.retry_after;
    no.duration = answer.duration;
  }
}

}  // namespace threefactor::delivery
