#include "json/value.hpp"

extern "C" {
#include <common/jsonapi.h>
#include <miscadmin.h>
#include <utils/datetime.h>
#include <utils/json.h>
#include <utils/jsonb.h>
}

namespace threefactor::json {

namespace {

using Form = Value::Form;

[[noreturn]] void Unknown(Oid type) {
  ereport(ERROR, errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
          errmsg("values of type %s are for to_json to write", format_type_be(type)));
  pg_unreachable();
}

Form FormOf(Oid type) {
  switch (type) {
    case INT2OID:
      return Form::kInt2;
    case INT4OID:
      return Form::kInt4;
    case INT8OID:
      return Form::kInt8;
    case BOOLOID:
      return Form::kBool;
    case TEXTOID:
    case VARCHAROID:
    case BPCHAROID:
      return Form::kString;
    case JSONOID:
      return Form::kRaw;
    case JSONBOID:
      return Form::kJsonb;
    case DATEOID:
    case TIMESTAMPOID:
    case TIMESTAMPTZOID:
      return Form::kTime;
    case NUMERICOID:
    case FLOAT4OID:
    case FLOAT8OID:
      return Form::kNumber;
    case UUIDOID:
      return Form::kOther;
    default:
      Unknown(type);
  }
}

void AppendText(Datum datum, bool is_quoted, json::JsonText& out) {
  const text* value = DatumGetTextPP(datum);
  if (is_quoted)
    out.QuotedString(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));
  else
    out.Raw(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));
}

void AppendOutput(Value& value, Datum datum, json::JsonText& out) {
  const char* text = OutputFunctionCall(&value.output, datum);
  const int length = static_cast<int>(strlen(text));
  if (value.form == Form::kNumber && IsValidJsonNumber(text, length))  // not NaN or Infinity
    out.Raw(text, length);
  else
    out.QuotedString(text, length);
}

}  // namespace

Value ValueOf(Oid type) {
  Value value{};
  value.type = getBaseType(type);
  value.form = FormOf(value.type);
  if (value.form == Form::kNumber || value.form == Form::kOther) {
    Oid function = InvalidOid;
    bool is_varlena = false;
    getTypeOutputInfo(value.type, &function, &is_varlena);
    fmgr_info(function, &value.output);
  }
  return value;
}

Value RawOf(Oid type) {
  if (type != TEXTOID && type != JSONOID) Unknown(type);
  Value value{};
  value.type = type;
  value.form = Form::kRaw;
  return value;
}

void Append(Value& value, Datum datum, json::JsonText& out) {
  char digits[MAXINT8LEN + 1];
  switch (value.form) {
    case Form::kInt2:
      return out.Raw(digits, pg_itoa(DatumGetInt16(datum), digits));
    case Form::kInt4:
      return out.Raw(digits, pg_ltoa(DatumGetInt32(datum), digits));
    case Form::kInt8:
      return out.Raw(digits, pg_lltoa(DatumGetInt64(datum), digits));
    case Form::kBool:
      return DatumGetBool(datum) ? out.Raw("true", 4) : out.Raw("false", 5);
    case Form::kString:
      return AppendText(datum, true, out);
    case Form::kRaw:
      return AppendText(datum, false, out);
    case Form::kJsonb: {
      Jsonb* document = DatumGetJsonbP(datum);
      const char* text = JsonbToCString(nullptr, &document->root, VARSIZE(document));
      return out.Raw(text, static_cast<int>(strlen(text)));
    }
    case Form::kTime: {
      char text[MAXDATELEN + 1];
      JsonEncodeDateTime(text, datum, value.type, nullptr);
      return out.QuotedString(text, static_cast<int>(strlen(text)));
    }
    case Form::kNumber:
    case Form::kOther:
      return AppendOutput(value, datum, out);
  }
}

}  // namespace threefactor::json
