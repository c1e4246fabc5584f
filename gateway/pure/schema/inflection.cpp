// Singular and plural of English nouns, as far as table names need it: a table of exceptions, then endings.
#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "schema/names.hpp"

namespace threefactor::schema {

namespace {

using Pair = std::pair<std::string_view, std::string_view>;

constexpr std::array kUncountable =
    std::to_array<std::string_view>({"data", "equipment", "feedback", "fish", "information", "metadata", "money",
                                     "news", "rice", "series", "sheep", "software", "species"});

constexpr std::array kIrregular =
    std::to_array<Pair>({{"person", "people"},   {"child", "children"},  {"man", "men"},
                         {"woman", "women"},     {"foot", "feet"},       {"tooth", "teeth"},
                         {"goose", "geese"},     {"mouse", "mice"},      {"index", "indices"},
                         {"vertex", "vertices"}, {"matrix", "matrices"}, {"movie", "movies"},
                         {"cookie", "cookies"},  {"tie", "ties"},        {"pie", "pies"},
                         {"zombie", "zombies"},  {"cache", "caches"},    {"shoe", "shoes"},
                         {"toe", "toes"},        {"axe", "axes"},        {"leaf", "leaves"},
                         {"wolf", "wolves"},     {"shelf", "shelves"},   {"half", "halves"},
                         {"knife", "knives"},    {"life", "lives"},      {"wife", "wives"},
                         {"quiz", "quizzes"},    {"crisis", "crises"},   {"thesis", "theses"},
                         {"basis", "bases"},     {"axis", "axes"},       {"hypothesis", "hypotheses"}});

// Longest ending first: the first that fits decides.
constexpr std::array kToSingular = std::to_array<Pair>({{"ouses", "ouse"},
                                                        {"auses", "ause"},
                                                        {"yses", "ysis"},
                                                        {"sses", "ss"},
                                                        {"uses", "us"},
                                                        {"ches", "ch"},
                                                        {"shes", "sh"},
                                                        {"xes", "x"},
                                                        {"oes", "o"},
                                                        {"ies", "y"},
                                                        {"ss", "ss"},
                                                        {"us", "us"},
                                                        {"is", "is"},
                                                        {"s", ""}});

constexpr std::array kToPlural = std::to_array<Pair>({{"ysis", "yses"},
                                                      {"ss", "sses"},
                                                      {"us", "uses"},
                                                      {"is", "ises"},
                                                      {"ch", "ches"},
                                                      {"sh", "shes"},
                                                      {"x", "xes"},
                                                      {"z", "zes"},
                                                      {"ay", "ays"},
                                                      {"ey", "eys"},
                                                      {"oy", "oys"},
                                                      {"uy", "uys"},
                                                      {"y", "ies"},
                                                      {"to", "toes"},
                                                      {"ro", "roes"},
                                                      {"s", "ses"},
                                                      {"", "s"}});

// Where the last word of the name begins: after the last underscore, or at the last capital.
std::size_t LastWord(std::string_view name) {
  std::size_t begin = name.size();
  while (begin > 0 && name[begin - 1] != '_') {
    --begin;
    if (std::isupper(static_cast<unsigned char>(name[begin])) != 0) break;
  }
  return begin;
}

std::string Lower(std::string_view word) {
  std::string lower(word);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
  return lower;
}

// `word` is `from`, in whatever case of its first letter: `to` in that case.
std::string Replace(std::string_view word, std::string_view to) {
  std::string result(to);
  if (!word.empty() && !result.empty() && std::isupper(static_cast<unsigned char>(word[0])) != 0) {
    result[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(result[0])));
  }
  return result;
}

template <std::size_t kSize>
std::string ReplaceEnding(std::string_view word, const std::array<Pair, kSize>& endings) {
  for (const auto& [from, to] : endings) {
    // A word is more than its ending: "xes" alone says nothing.
    if (word.size() > from.size() && word.ends_with(from)) {
      return std::string(word.substr(0, word.size() - from.size())) + std::string(to);
    }
  }
  return std::string(word);
}

bool IsUncountable(std::string_view lower) {
  return std::find(kUncountable.begin(), kUncountable.end(), lower) != kUncountable.end();
}

std::string SingularWord(std::string_view word) {
  const std::string lower = Lower(word);
  if (IsUncountable(lower)) return std::string(word);
  for (const auto& [one, many] : kIrregular) {
    if (lower == many) return Replace(word, one);
  }
  return ReplaceEnding(word, kToSingular);
}

std::string PluralWord(std::string_view word) {
  const std::string lower = Lower(word);
  if (IsUncountable(lower)) return std::string(word);
  for (const auto& [one, many] : kIrregular) {
    if (lower == many) return std::string(word);
    if (lower == one) return Replace(word, many);
  }
  if (SingularWord(word) != word) return std::string(word);  // is plural already
  return ReplaceEnding(word, kToPlural);
}

}  // namespace

std::string Singularize(std::string_view name) {
  const std::size_t word = LastWord(name);
  return std::string(name.substr(0, word)) + SingularWord(name.substr(word));
}

std::string Pluralize(std::string_view name) {
  const std::size_t word = LastWord(name);
  return std::string(name.substr(0, word)) + PluralWord(name.substr(word));
}

}  // namespace threefactor::schema
