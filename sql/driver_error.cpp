#include "sql/driver_error.h"

#include <fmt/format.h>

namespace narada::storage {

namespace {

constexpr std::size_t kStatementInMessage =
    200;  // bytes; enough to find the statement in the source

}  // namespace

// Numbers: MariaDB "Error codes" (1000-4999) and "Connector/C error codes" (2000-2999, 5000-5999).
Trouble classify(int code) {
  switch (code) {
    case 1062:  // ER_DUP_ENTRY
      return Trouble::duplicate;
    case 1213:  // ER_LOCK_DEADLOCK; on a cluster also: certification failed
    case 1205:  // ER_LOCK_WAIT_TIMEOUT, also of NOWAIT
    case 1020:  // ER_CHECKREAD: the snapshot no longer holds
    case 1615:  // ER_NEED_REPREPARE
    case 2057:  // CR_NEW_STMT_METADATA
    case 2030:  // CR_NO_PREPARE_STMT
      return Trouble::conflict;
    case 1040:  // ER_CON_COUNT_ERROR
    case 1129:  // ER_HOST_IS_BLOCKED
    case 1203:  // ER_TOO_MANY_USER_CONNECTIONS
    case 1226:  // ER_USER_LIMIT_REACHED
      return Trouble::unavailable;
    default:
      return session_lost(code) && code != 2014 ? Trouble::unavailable : Trouble::other;
  }
}

bool session_lost(int code) {
  switch (code) {
    case 1047:  // ER_UNKNOWN_COM_ERROR: this node of the cluster has no quorum
    case 1053:  // ER_SERVER_SHUTDOWN
    case 1080:  // ER_FORCING_CLOSE
    case 1152:  // ER_ABORTING_CONNECTION
    case 1158:  // ER_NET_READ_ERROR
    case 1159:  // ER_NET_READ_INTERRUPTED
    case 1160:  // ER_NET_ERROR_ON_WRITE
    case 1161:  // ER_NET_WRITE_INTERRUPTED
    case 1184:  // ER_NEW_ABORTING_CONNECTION
    case 1290:  // ER_OPTION_PREVENTS_STATEMENT: the host became read-only
    case 1927:  // ER_CONNECTION_KILLED
    case 2002:  // CR_CONNECTION_ERROR
    case 2003:  // CR_CONN_HOST_ERROR
    case 2005:  // CR_UNKNOWN_HOST
    case 2006:  // CR_SERVER_GONE_ERROR
    case 2012:  // CR_SERVER_HANDSHAKE_ERR
    case 2013:  // CR_SERVER_LOST
    case 2014:  // CR_COMMANDS_OUT_OF_SYNC: a mistake of ours, but nothing can follow on this
                // session
    case 2026:  // CR_SSL_CONNECTION_ERROR
    case 2027:  // CR_MALFORMED_PACKET
    case 2055:  // CR_SERVER_LOST_EXTENDED
    case 4031:  // ER_CLIENT_INTERACTION_TIMEOUT
    case 5013:  // CR_ERR_NET_READ
    case 5014:  // CR_ERR_NET_WRITE
    case 5015:  // CR_ERR_NET_UNCOMPRESS
      return true;
    default:
      return false;
  }
}

bool statements_stale(int code) { return code == 1615 || code == 2057 || code == 2030; }

void throw_storage_error(const sql::SQLException& error, std::string_view sql) {
  const int code = error.getErrorCode();
  const std::string what =
      fmt::format("{} (error {}) in: {}", error.what(), code, sql.substr(0, kStatementInMessage));
  switch (classify(code)) {
    case Trouble::duplicate:
      throw Duplicate(code, what);
    case Trouble::conflict:
      throw Conflict(code, what);
    case Trouble::unavailable:
      throw Unavailable(code, what);
    case Trouble::other:
      break;
  }
  throw Error(code, what);
}

}  // namespace narada::storage
