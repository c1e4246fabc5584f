#include "json/template.hpp"

#include "json/value.hpp"

namespace threefactor::json {

namespace {

struct Piece {
  const char* text;
  int length;
};

struct Template {
  char* source;  // as it came
  int source_length;
  int count;      // of values
  Piece* pieces;  // one before each value, and one behind the last
  Value* values;
};

[[noreturn]] void Malformed(const char* detail) {
  ereport(ERROR, errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("this is no template of JSON"),
          errdetail("%s", detail));
  pg_unreachable();
}

Piece TemplateOf(FunctionCallInfo call, int first) {
  if (call->nargs <= first || call->args[first].isnull) Malformed("It is null.");
  const Datum datum = call->args[first].value;
  switch (get_fn_expr_argtype(call->flinfo, first)) {
    case UNKNOWNOID: {  // a literal
      const char* text = DatumGetCString(datum);
      return {text, static_cast<int>(strlen(text))};
    }
    case TEXTOID: {
      const text* value = DatumGetTextPP(datum);
      return {VARDATA_ANY(value), static_cast<int>(VARSIZE_ANY_EXHDR(value))};
    }
    default:
      Malformed("It must be of type text.");
  }
}

// In the memory of the call.
Template* Parse(FunctionCallInfo call, int first, const Piece& source) {
  if (get_fn_expr_variadic(call->flinfo)) Malformed("An array of values has no types of its own.");
  const int count = call->nargs - first - 1;
  auto* made = static_cast<Template*>(palloc0(sizeof(Template)));
  made->source = pnstrdup(source.text, source.length);
  made->source_length = source.length;
  made->count = count;
  made->pieces = static_cast<Piece*>(palloc0(sizeof(Piece) * (count + 1)));
  made->values = static_cast<Value*>(palloc0(sizeof(Value) * (count + 1)));
  char* plain = static_cast<char*>(palloc(source.length + 1));  // without the marks
  int length = 0;
  int begin = 0;
  int found = 0;
  for (int i = 0; i < source.length; i++) {
    if (source.text[i] != '%') {
      plain[length++] = source.text[i];
      continue;
    }
    const char mark = ++i < source.length ? source.text[i] : '\0';
    if (mark == '%') {
      plain[length++] = '%';
      continue;
    }
    if (mark != 'v' && mark != 'r') Malformed("A percent sign must be followed by v, r or another one.");
    if (found == count) Malformed("It has more marks than there are values.");
    made->pieces[found] = {plain + begin, length - begin};
    begin = length;
    const Oid type = get_fn_expr_argtype(call->flinfo, first + 1 + found);
    made->values[found] = mark == 'v' ? ValueOf(type) : RawOf(type);
    found++;
  }
  if (found != count) Malformed("It has fewer marks than there are values.");
  made->pieces[found] = {plain + begin, length - begin};
  return made;
}

}  // namespace

void Render(FunctionCallInfo call, int first, json::JsonText& out) {
  const Piece source = TemplateOf(call, first);
  auto* known = static_cast<Template*>(call->flinfo->fn_extra);
  if (known == nullptr) {
    const MemoryContext before = MemoryContextSwitchTo(call->flinfo->fn_mcxt);
    known = Parse(call, first, source);
    MemoryContextSwitchTo(before);
    call->flinfo->fn_extra = known;
  } else if (known->source_length != source.length || memcmp(known->source, source.text, source.length) != 0) {
    Malformed("It is not the same for every row.");
  }
  for (int i = 0; i < known->count; i++) {
    out.Raw(known->pieces[i].text, known->pieces[i].length);
    const NullableDatum& argument = call->args[first + 1 + i];
    if (argument.isnull)
      out.Raw("null", 4);
    else
      Append(known->values[i], argument.value, out);
  }
  out.Raw(known->pieces[known->count].text, known->pieces[known->count].length);
}

}  // namespace threefactor::json
