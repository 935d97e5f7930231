#pragma once

#include <string_view>
#include <vector>

namespace narada::storage {

// Names of columns.
using Columns = std::vector<std::string_view>;

// A table whose rows refer to an institution. The statements are made of these names alone.
struct LinkTable {
  std::string_view name;
  std::string_view owner;  // the column that names the institution
  std::string_view only;   // which rows of the table; empty: all
  Columns key;             // names a row; with the owner where that is part of the primary key
  Columns same;  // rows of two institutions that agree in these say the same; empty: none can
  Columns rest;  // what else a row holds, of those that can be dropped
  bool ordered = false;    // has `position`
  bool versioned = false;  // has `version`
  // Set where the key is one that every edit of a meeting gives out anew, and stands first: what
  // the key stands for, and the keys that stand for it now, of rows of an institution.
  std::string_view meaning = "";
  std::string_view find_keys = "";

  // What a moved row is written down by, and a dropped one; the key stands first.
  Columns identity() const;
  Columns columns() const;
};

// The tables that have such rows, in the order in which they are locked elsewhere: cycles,
// enrolments, meetings, registrations.
const std::vector<LinkTable>& link_tables();

}  // namespace narada::storage
