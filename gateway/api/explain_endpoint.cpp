#include "api/explain_endpoint.hpp"

#include <algorithm>
#include <utility>

#include "api/graphql_request.hpp"
#include "base/http_status.hpp"
#include "base/json_writer.hpp"
#include "sql/fragment.hpp"

namespace threefactor::api {

namespace {

using Rows = std::vector<execute::Executor::Rows>;

struct Question {
  Identity identity;
  std::string query;
  std::string operation_name;
  JsonDocument variables;  // null, or an object
  bool is_subscription = false;
  std::vector<CompiledField> fields;
  Session session;
};

// {"user": {"x-hasura-role": ...}}: on whose behalf; nothing said, an administrator's.
Identity IdentityOf(const Json* user, const Options& options) {
  std::map<std::string, std::string> headers;
  if (user != nullptr) {
    for (const auto& [name, value] : user->Members()) {
      if (!value.IsString()) throw transport::Malformed{400, Error(code::kBadRequest, "session variables are strings")};
      std::string key(name.Text());
      std::transform(key.begin(), key.end(), key.begin(), [](unsigned char c) { return std::tolower(c); });
      headers[key] = value.Text();
    }
  }
  headers["x-hasura-admin-secret"] = options.admin_secret;
  return Authenticate(headers, options);
}

Question ReadQuestion(const Service& service, const Json& body) {
  if (!body.IsObject()) throw transport::Malformed{400, Error(code::kBadRequest, "a request is a JSON object")};
  const Json* query = ObjectMember(*AsObject(body, "the request"), "query");
  if (query == nullptr)
    throw transport::Malformed{400, Error(code::kBadRequest, "\"query\" is missing: a GraphQL request")};
  if (StringMember(*query, "query").data() == nullptr)
    throw transport::Malformed{400, Error(code::kBadRequest, "\"query.query\" is missing")};
  Question question;
  question.identity = IdentityOf(ObjectMember(body, "user"), service.options);
  question.query = StringMember(*query, "query");
  question.operation_name = StringMember(*query, "operationName");
  if (const Json* variables = ObjectMember(*query, "variables"); variables != nullptr)
    question.variables = ParseJson(WriteJson(*variables), "the variables");
  return question;
}

void Compile(const Service& service, Question& question) {
  const Json& variables = question.variables.root();
  const Request request{question.query, question.operation_name, variables.IsObject() ? &variables : nullptr};
  const auto role = service.schemas.Find(question.identity);
  if (role == nullptr) throw RoleRefused();
  question.fields = CompileFields(*role->SchemaOf(question.identity), request, service.options.limits);
  for (const CompiledField& field : question.fields) {
    question.is_subscription |= field.compiled->kind == sql::Compiled::Kind::kSubscription;
    question.session = SessionFor(question.identity, *role, *field.compiled);
    if (!question.session.session_variables.empty()) break;
  }
}

// EXPLAIN alone runs nothing; the transaction is read-only in case that planning calls a function that lies.
std::vector<sql::Statement> ExplainStatements(const Question& question) {
  std::vector<sql::Statement> statements = {{"SET TRANSACTION READ ONLY", {}, "$", ""}};
  for (const CompiledField& field : question.fields)
    for (const sql::Statement& statement : field.compiled->statements)
      statements.push_back({"EXPLAIN (FORMAT TEXT) " + statement.text, statement.parameters, statement.error_path, ""});
  return statements;
}

// As it can be pasted into psql: each $1 outside of quotes becomes its value.
std::string WithValues(const sql::Statement& statement) {
  std::string text;
  char quote = 0;  // a doubled one closes and opens again
  for (std::size_t i = 0; i < statement.text.size(); ++i) {
    const char c = statement.text[i];
    if (quote != 0 || c == '\'' || c == '"') {
      if (quote == 0) {
        quote = c;
      } else if (c == quote) {
        quote = 0;
      }
    } else if (c == '$') {
      std::size_t number = 0;
      while (i + 1 < statement.text.size() && statement.text[i + 1] >= '0' && statement.text[i + 1] <= '9')
        number = number * 10 + static_cast<std::size_t>(statement.text[++i] - '0');
      const auto& value = statement.parameters.at(number - 1);
      text += value ? sql::QuoteLiteral(*value) : "NULL";
      continue;
    }
    text += c;
  }
  return text;
}

void WritePlan(JsonWriter& writer, const sql::Statement* statement, const execute::Executor::Rows* plan) {
  writer.Key("sql");
  if (statement == nullptr) {
    writer.Null();
  } else {
    writer.String(WithValues(*statement));
  }
  writer.Key("plan");
  if (plan == nullptr) return writer.Null();
  writer.StartArray();
  for (const auto& row : plan->rows) writer.String(row.at(0).value_or(""));
  writer.EndArray();
}

std::string Answer(const Question& question, const Rows& results) {
  JsonWriter writer;
  std::size_t next = 1;  // after SET TRANSACTION
  if (!question.is_subscription) writer.StartArray();
  for (const CompiledField& field : question.fields) {
    writer.StartObject();
    if (!question.is_subscription) {
      writer.Member("field", field.response_key);
    }
    const auto& statements = field.compiled->statements;  // __typename and introspection need none
    const bool asks_database = !statements.empty();
    WritePlan(writer, asks_database ? &statements.front() : nullptr, asks_database ? &results.at(next) : nullptr);
    next += statements.size();
    writer.EndObject();
  }
  if (!question.is_subscription) writer.EndArray();
  return writer.Take();
}

}  // namespace

namespace {

void Explain(Service& service, const std::shared_ptr<Question>& question,
             const std::shared_ptr<transport::Responder>& responder) {
  Compile(service, *question);
  service.executor.RunStatements(
      ExplainStatements(*question), question->session,
      [responder, question](const execute::Executor::RowsOutcome& outcome) {
        if (const Error* error = std::get_if<Error>(&outcome))
          return responder->Send(transport::ErrorReply(HttpStatus(*error, Api::kAdmin), *error));
        transport::Reply reply;
        reply.body = Answer(*question, std::get<Rows>(outcome));
        responder->Send(std::move(reply));
      });
}

}  // namespace

// NOLINTNEXTLINE(performance-unnecessary-value-param): kept until the database has answered
void HandleExplain(Service& service, std::string_view body, std::shared_ptr<transport::Responder> responder) {
  const auto question = std::make_shared<Question>(ReadQuestion(service, ReadJson(body, "the request's body").root()));
  if (service.schemas.Find(question->identity) != nullptr) return Explain(service, question, responder);
  service.load_role(question->identity.role, [&service, question, responder](const std::optional<Error>& failure) {
    try {
      if (failure) throw Error(*failure);
      Explain(service, question, responder);
    } catch (const Error& error) {
      responder->Send(transport::ErrorReply(HttpStatus(error, Api::kAdmin), error));
    }
  });
}

}  // namespace threefactor::api
