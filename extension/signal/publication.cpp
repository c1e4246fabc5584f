#include "signal/publication.hpp"

extern "C" {
#include <catalog/pg_publication.h>
}

namespace threefactor::signal {

namespace {

bool Takes(Oid publication, Oid schema) {
  if (GetPublication(publication)->alltables || list_member_oid(GetPublicationSchemas(publication), schema))
    return true;
  ListCell* cell;
  foreach (cell, GetPublicationRelations(publication, PUBLICATION_PART_ROOT))
    if (get_rel_namespace(lfirst_oid(cell)) == schema) return true;
  return false;
}

void Warn(const Publication* publication) {
  ereport(
      WARNING, errmsg("publication \"%s\" takes tables of the extension threefactor", publication->name),
      errdetail("They belong to this database alone: a subscriber cannot apply them beside its own, and would get the "
                "secrets, "
                "events and deliveries of this one."),
      publication->alltables
          ? errhint("Publish schemas instead: CREATE PUBLICATION ... FOR TABLES IN SCHEMA public, ...")
          : errhint("Leave the schema threefactor out: ALTER PUBLICATION ... DROP TABLE, or DROP TABLES IN SCHEMA."));
}

}  // namespace

void WarnOfPublication(const Node* statement) {
  const char* name = nullptr;
  if (IsA(statement, CreatePublicationStmt))
    name = reinterpret_cast<const CreatePublicationStmt*>(statement)->pubname;
  else if (IsA(statement, AlterPublicationStmt))
    name = reinterpret_cast<const AlterPublicationStmt*>(statement)->pubname;
  else
    return;
  const Oid publication = get_publication_oid(name, true);
  const Oid schema = get_namespace_oid("threefactor", true);
  if (!OidIsValid(publication) || !OidIsValid(schema) || !OidIsValid(get_extension_oid("threefactor", true))) return;
  if (Takes(publication, schema)) Warn(GetPublication(publication));
}

void WarnOfAllTablesPublications() {
  ListCell* cell;
  foreach (cell, GetAllTablesPublications()) Warn(GetPublication(lfirst_oid(cell)));
}

}  // namespace threefactor::signal
