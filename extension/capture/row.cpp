#include "capture/row.hpp"

extern "C" {
#include <access/detoast.h>
#include <catalog/pg_proc.h>
#include <common/jsonapi.h>
#include <nodes/makefuncs.h>
#include <parser/parse_coerce.h>
#include <pgtime.h>
#include <utils/bytea.h>
#include <utils/datetime.h>
#include <utils/float.h>
#include <utils/json.h>
#include <utils/syscache.h>
}

namespace threefactor::capture {

namespace {

constexpr int32 kGeoJsonDigits = 15;
constexpr int32 kGeoJsonLongReference = 4;

// The text of these is the same under all settings.
bool IsPlainOutput(Oid type) {
  switch (type) {
    case NAMEOID:
    case UUIDOID:
    case CHAROID:
    case OIDOID:
    case XIDOID:
    case CIDOID:
    case TIDOID:
    case INETOID:
    case CIDROID:
    case BITOID:
    case VARBITOID:
    case TIMEOID:
    case MACADDROID:
      return true;
    default:
      return get_typtype(type) == TYPTYPE_ENUM;
  }
}

bool IsCatalogReference(Oid type) {
  switch (type) {
    case REGPROCOID:
    case REGPROCEDUREOID:
    case REGOPEROID:
    case REGOPERATOROID:
    case REGCLASSOID:
    case REGCOLLATIONOID:
    case REGTYPEOID:
    case REGCONFIGOID:
    case REGDICTIONARYOID:
      return true;
    default:
      return false;
  }
}

// Whether names of catalog objects may be in a value, which are qualified as the search_path makes it necessary.
bool MayHoldNames(Oid type) {
  type = getBaseType(type);
  if (IsCatalogReference(type) || type_is_rowtype(type)) return true;  // what is inside of a row may be anything
  if (const Oid element = get_element_type(type); OidIsValid(element)) return MayHoldNames(element);
  if (type_is_multirange(type)) type = get_multirange_range(type);
  return type_is_range(type) && MayHoldNames(get_range_subtype(type));
}

// Of money a number of the locale's smallest unit is stored, so that it can be read only by the locale of the writers.
bool MayHoldMoney(Oid type) {
  type = getBaseType(type);
  if (type == MONEYOID || type_is_rowtype(type)) return true;
  if (const Oid element = get_element_type(type); OidIsValid(element)) return MayHoldMoney(element);
  if (type_is_multirange(type)) type = get_multirange_range(type);
  return type_is_range(type) && MayHoldMoney(get_range_subtype(type));
}

bool HasCastToJson(Oid type) {
  if (type < FirstNormalObjectId) return false;
  Oid function = InvalidOid;
  return find_coercion_pathway(JSONOID, type, COERCION_EXPLICIT, &function) == COERCION_PATH_FUNC &&
         OidIsValid(function);
}

// Of PostGIS' types; invalid for others. Base types are made by superusers only: nobody else's function is taken for
// it.
Oid GeoJsonFunction(Oid type) {
  if (type < FirstNormalObjectId) return InvalidOid;
  const HeapTuple tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
  if (!HeapTupleIsValid(tuple)) return InvalidOid;
  const auto* const row = reinterpret_cast<Form_pg_type>(GETSTRUCT(tuple));
  const char* const name = NameStr(row->typname);
  const Oid schema = row->typnamespace;
  const bool is_spatial =
      row->typtype == TYPTYPE_BASE && (strcmp(name, "geometry") == 0 || strcmp(name, "geography") == 0);
  ReleaseSysCache(tuple);
  if (!is_spatial) return InvalidOid;
  const Oid arguments[] = {type, INT4OID, INT4OID};
  const Oid function =
      GetSysCacheOid3(PROCNAMEARGSNSP, Anum_pg_proc_oid, CStringGetDatum("st_asgeojson"),
                      PointerGetDatum(buildoidvector(arguments, lengthof(arguments))), ObjectIdGetDatum(schema));
  return OidIsValid(function) && get_func_rettype(function) == TEXTOID ? function : InvalidOid;
}

Oid OwnerOf(Oid function) {
  const HeapTuple tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
  if (!HeapTupleIsValid(tuple)) elog(ERROR, "cache lookup failed for function %u", function);
  const Oid owner = reinterpret_cast<Form_pg_proc>(GETSTRUCT(tuple))->proowner;
  ReleaseSysCache(tuple);
  return owner;
}

// The rules of json.c (json_categorize_type).
Rendering Categorise(Oid type) {
  switch (type) {
    case BOOLOID:
      return Rendering::kBoolean;
    case INT2OID:
      return Rendering::kInteger2;
    case INT4OID:
      return Rendering::kInteger4;
    case INT8OID:
      return Rendering::kInteger8;
    case FLOAT4OID:
    case FLOAT8OID:
    case NUMERICOID:
      return Rendering::kNumber;
    case DATEOID:
      return Rendering::kDate;
    case TIMESTAMPOID:
      return Rendering::kTimestamp;
    case TIMESTAMPTZOID:
      return Rendering::kTimestampWithZone;
    case JSONOID:
      return Rendering::kJson;
    case JSONBOID:
      return Rendering::kOutputJson;
    case TEXTOID:
    case VARCHAROID:
    case BPCHAROID:
      return Rendering::kText;
    default:
      break;
  }
  if (OidIsValid(GeoJsonFunction(type))) return Rendering::kGeoJson;
  if (OidIsValid(get_element_type(type)) || type == ANYARRAYOID || type == ANYCOMPATIBLEARRAYOID ||
      type == RECORDARRAYOID || type_is_rowtype(type) || HasCastToJson(type))
    return Rendering::kToJson;
  return Rendering::kOutput;
}

// to_json asks the expression it is called by for the type of its argument.
void PrepareToJson(FmgrInfo* function, Oid type) {
  fmgr_info_cxt(F_TO_JSON, function, CurrentMemoryContext);
  List* const arguments = list_make1(makeNullConst(type, -1, InvalidOid));
  FuncExpr* const call = makeFuncExpr(F_TO_JSON, JSONOID, arguments, InvalidOid, InvalidOid, COERCE_EXPLICIT_CALL);
  fmgr_info_set_expr(reinterpret_cast<Node*>(call), function);
}

void DescribeColumn(TableRendering* table, ColumnRendering* column, Form_pg_attribute attribute) {
  column->dropped = attribute->attisdropped;
  if (column->dropped) return;
  column->varlena = attribute->attlen == -1;
  column->type = getBaseType(attribute->atttypid);
  column->rendering = Categorise(column->type);

  const char* const name = NameStr(attribute->attname);
  json::JsonText key(INT_MAX / 4);
  key.Raw(',');
  key.QuotedString(name, static_cast<int>(strlen(name)));
  key.Raw(':');
  column->key_length = static_cast<int>(key.size());
  column->key = text_to_cstring(key.Finish(CurrentMemoryContext));

  Oid output = InvalidOid;
  bool varlena = false;
  switch (column->rendering) {
    case Rendering::kNumber:
    case Rendering::kOutput:
    case Rendering::kOutputJson:
      getTypeOutputInfo(column->type, &output, &varlena);
      fmgr_info_cxt(output, &column->function, CurrentMemoryContext);
      break;
    case Rendering::kGeoJson:
      output = GeoJsonFunction(column->type);
      fmgr_info_cxt(output, &column->function, CurrentMemoryContext);
      column->owner = OwnerOf(output);
      break;
    case Rendering::kToJson:
      PrepareToJson(&column->function, column->type);
      table->depends_on_settings = true;
      break;
    default:
      break;
  }
  if (column->rendering == Rendering::kOutput && !IsPlainOutput(column->type)) table->depends_on_settings = true;
  if (column->type == FLOAT4OID || column->type == FLOAT8OID) table->depends_on_settings = true;
  table->depends_on_names |= MayHoldNames(column->type);
  table->depends_on_money |= MayHoldMoney(column->type);
}

void RenderCString(json::JsonText& json, const char* value, bool quoted) {
  const int length = static_cast<int>(strlen(value));
  if (quoted)
    json.QuotedString(value, length);
  else
    json.Raw(value, length);
}

void RenderDateTime(json::JsonText& json, Datum value, Oid type) {
  static const int kUtc = 0;
  char buffer[MAXDATELEN + 1];
  JsonEncodeDateTime(buffer, value, type, type == TIMESTAMPTZOID ? &kUtc : nullptr);
  RenderCString(json, buffer, true);
}

// PostGIS reads a table of its own meanwhile, for which the writer may lack a right.
text* GeoJson(ColumnRendering& column, Datum value) {
  Oid writer = InvalidOid;
  int context = 0;
  GetUserIdAndSecContext(&writer, &context);  // an error restores them with the transaction
  SetUserIdAndSecContext(column.owner, context | SECURITY_LOCAL_USERID_CHANGE | SECURITY_RESTRICTED_OPERATION);
  const Datum rendered =
      FunctionCall3(&column.function, value, Int32GetDatum(kGeoJsonDigits), Int32GetDatum(kGeoJsonLongReference));
  SetUserIdAndSecContext(writer, context);
  return DatumGetTextPP(rendered);
}

void RenderValue(json::JsonText& json, ColumnRendering& column, Datum value) {
  char digits[32];
  switch (column.rendering) {
    case Rendering::kBoolean:
      if (DatumGetBool(value))
        json.Raw("true", 4);
      else
        json.Raw("false", 5);
      return;
    case Rendering::kInteger2:
      json.Raw(digits, pg_itoa(DatumGetInt16(value), digits));
      return;
    case Rendering::kInteger4:
      json.Raw(digits, pg_ltoa(DatumGetInt32(value), digits));
      return;
    case Rendering::kInteger8:
      json.Raw(digits, pg_lltoa(DatumGetInt64(value), digits));
      return;
    case Rendering::kNumber: {
      const char* const number = OutputFunctionCall(&column.function, value);
      RenderCString(json, number, !IsValidJsonNumber(number, static_cast<int>(strlen(number))));
      return;
    }
    case Rendering::kDate:
    case Rendering::kTimestamp:
    case Rendering::kTimestampWithZone:
      RenderDateTime(json, value, column.type);
      return;
    case Rendering::kText: {
      const text* const packed = DatumGetTextPP(value);
      json.QuotedString(VARDATA_ANY(packed), static_cast<int>(VARSIZE_ANY_EXHDR(packed)));
      return;
    }
    case Rendering::kJson: {
      const text* const packed = DatumGetTextPP(value);
      json.Raw(VARDATA_ANY(packed), static_cast<int>(VARSIZE_ANY_EXHDR(packed)));
      return;
    }
    case Rendering::kOutput:
    case Rendering::kOutputJson:
      RenderCString(json, OutputFunctionCall(&column.function, value), column.rendering == Rendering::kOutput);
      return;
    case Rendering::kGeoJson: {
      const text* const rendered = GeoJson(column, value);
      json.Raw(VARDATA_ANY(rendered), static_cast<int>(VARSIZE_ANY_EXHDR(rendered)));
      return;
    }
    case Rendering::kToJson: {
      const text* const rendered = DatumGetTextPP(FunctionCall1(&column.function, value));
      json.Raw(VARDATA_ANY(rendered), static_cast<int>(VARSIZE_ANY_EXHDR(rendered)));
      return;
    }
  }
}

// The size that a value of so many bytes would have as JSON, without fetching it: exact for json, bytea, and text
// without escapes.
uint64 SizeUnread(const ColumnRendering& column, uint64 size) {
  constexpr uint64 kQuotes = 2;
  constexpr uint64 kHexPrefix = 3;  // a backslash, escaped, and x
  if (column.rendering == Rendering::kText) return size + kQuotes;
  if (column.type == BYTEAOID) return size * 2 + kHexPrefix + kQuotes;
  return size;
}

void Pin(const char* name, const char* value) {
  (void)set_config_option(name, value, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
}

bool ZoneIsUtc() {
  const char* const name = pg_get_timezone_name(session_timezone);
  return name && (strcmp(name, "UTC") == 0 || strcmp(name, "GMT") == 0 || strcmp(name, "Etc/UTC") == 0);
}

}  // namespace

TableRendering* DescribeTable(TupleDesc descriptor) {
  auto* table = static_cast<TableRendering*>(
      palloc0(offsetof(TableRendering, columns) + sizeof(ColumnRendering) * descriptor->natts));
  table->column_count = descriptor->natts;
  for (int i = 0; i < descriptor->natts; i++) DescribeColumn(table, &table->columns[i], TupleDescAttr(descriptor, i));
  return table;
}

uint64 RenderRow(json::JsonText& json, TableRendering& table, TupleTableSlot* row, const Bitmapset* chosen,
                 const Bitmapset* among, const Bitmapset* counted) {
  slot_getallattrs(row);
  const int count = Min(table.column_count, row->tts_tupleDescriptor->natts);
  int comma = 0;  // before the first column stands none
  uint64 counted_size = 0;
  json.Raw('{');
  for (int i = 0; i < count; i++) {
    ColumnRendering& column = table.columns[i];
    if (column.dropped || (chosen && !bms_is_member(i + 1, chosen)) || (among && !bms_is_member(i + 1, among)))
      continue;
    const uint64 begin = json.size() + comma;
    json.Raw(column.key + 1 - comma, column.key_length - 1 + comma);
    comma = 1;
    const Datum value = row->tts_values[i];
    if (row->tts_isnull[i]) {
      json.Raw("null", 4);
    } else if (const Size size = column.varlena ? toast_raw_datum_size(value) : 0; size > json.limit()) {
      json.Skip(SizeUnread(column, size - VARHDRSZ));
    } else {
      RenderValue(json, column, value);
    }
    if (counted && bms_is_member(i + 1, counted)) counted_size += json.size() - begin;
  }
  json.Raw('}');
  return counted_size;
}

int PinSettings(const TableRendering& table) {
  if (!table.depends_on_settings && !table.depends_on_names) return 0;
  const bool dates = DateStyle != USE_ISO_DATES;
  const bool intervals = IntervalStyle != INTSTYLE_POSTGRES;
  const bool floats = extra_float_digits < 1;
  const bool bytes = bytea_output != BYTEA_OUTPUT_HEX;
  const bool zone = !ZoneIsUtc();
  const bool quotes = quote_all_identifiers;
  const char* const money = table.depends_on_money ? GetConfigOptionResetString("lc_monetary") : locale_monetary;
  const bool moneys = strcmp(money, locale_monetary) != 0;
  if (!dates && !intervals && !floats && !bytes && !zone && !quotes && !moneys && !table.depends_on_names) return 0;
  const int level = NewGUCNestLevel();
  if (dates) Pin("datestyle", "ISO");
  if (intervals) Pin("intervalstyle", "postgres");
  if (floats) Pin("extra_float_digits", "1");
  if (bytes) Pin("bytea_output", "hex");
  if (zone) Pin("timezone", "UTC");
  if (quotes) Pin("quote_all_identifiers", "off");
  if (moneys) Pin("lc_monetary", money);
  if (table.depends_on_names) Pin("search_path", "pg_catalog, pg_temp");
  return level;
}

void UnpinSettings(int level) {
  if (level > 0) AtEOXact_GUC(true, level);
}

}  // namespace threefactor::capture
