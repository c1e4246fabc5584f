// The SQLSTATEs that the gateway tells apart: those of PostgreSQL, grouped and named as in appendix A of its manual,
// and those that the functions of the schema threefactor raise.
#pragma once

#include <string_view>

namespace threefactor::sqlstate {

// Class 08: connection exceptions.
inline constexpr std::string_view kConnectionExceptionClass = "08";
inline constexpr std::string_view kConnectionException = "08000";
inline constexpr std::string_view kConnectionFailure = "08006";
// Class 0A.
inline constexpr std::string_view kFeatureNotSupported = "0A000";
// Class 22: data exceptions.
inline constexpr std::string_view kDataExceptionClass = "22";
inline constexpr std::string_view kStringDataRightTruncation = "22001";
inline constexpr std::string_view kInvalidParameterValue = "22023";
inline constexpr std::string_view kInvalidEscapeSequence = "22025";
inline constexpr std::string_view kInvalidTextRepresentation = "22P02";
// Class 23: integrity constraint violations.
inline constexpr std::string_view kRestrictViolation = "23001";
inline constexpr std::string_view kNotNullViolation = "23502";
inline constexpr std::string_view kForeignKeyViolation = "23503";
inline constexpr std::string_view kUniqueViolation = "23505";
inline constexpr std::string_view kCheckViolation = "23514";
inline constexpr std::string_view kExclusionViolation = "23P01";
// Class 26.
inline constexpr std::string_view kInvalidSqlStatementName = "26000";
// Class 28: the login was refused.
inline constexpr std::string_view kInvalidAuthorizationClass = "28";
// Classes 3D and 3F: databases and schemas.
inline constexpr std::string_view kInvalidCatalogName = "3D000";
inline constexpr std::string_view kInvalidSchemaName = "3F000";
// Class 40: the transaction was rolled back for the sake of another.
inline constexpr std::string_view kTransactionRollbackClass = "40";
// Class 42: syntax errors and access rule violations.
inline constexpr std::string_view kSyntaxErrorOrAccessRuleViolationClass = "42";
inline constexpr std::string_view kInsufficientPrivilege = "42501";
inline constexpr std::string_view kSyntaxError = "42601";
inline constexpr std::string_view kUndefinedColumn = "42703";
inline constexpr std::string_view kUndefinedObject = "42704";
inline constexpr std::string_view kDuplicateObject = "42710";
inline constexpr std::string_view kDatatypeMismatch = "42804";
inline constexpr std::string_view kUndefinedFunction = "42883";
inline constexpr std::string_view kUndefinedTable = "42P01";
inline constexpr std::string_view kDuplicatePreparedStatement = "42P05";
inline constexpr std::string_view kInvalidColumnReference = "42P10";
// Class 53.
inline constexpr std::string_view kTooManyConnections = "53300";
// Of class 57 those in which the server ends sessions or takes none.
inline constexpr std::string_view kOperatorInterventionOfPostgres = "57P";
// Class XX.
inline constexpr std::string_view kInternalError = "XX000";

// Class TF: raised by the functions of the schema threefactor (sql/).
inline constexpr std::string_view kThreefactorClass = "TF";
inline constexpr std::string_view kAlreadyTracked = "TFTRK";
inline constexpr std::string_view kAlreadyUntracked = "TFUNT";
inline constexpr std::string_view kAlreadyExists = "TFEXI";
inline constexpr std::string_view kNotExists = "TFNEX";
inline constexpr std::string_view kNoSuchTable = "TFTAB";  // the table that a request names
inline constexpr std::string_view kNotSupported = "TFNSP";
inline constexpr std::string_view kInvalidConfiguration = "TFCFG";
inline constexpr std::string_view kDependency = "TFDEP";  // others need what was to be dropped
inline constexpr std::string_view kDenied = "TFDEN";
inline constexpr std::string_view kInconsistent = "TFINC";  // the detail is the list of objects
inline constexpr std::string_view kVersionConflict = "TFVER";
inline constexpr std::string_view kNoSuchVariable = "TFVAR";  // a session variable that a policy asks for

}  // namespace threefactor::sqlstate
