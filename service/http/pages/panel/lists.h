#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "service/domain/registration_list.h"
#include "service/http/pages/account/session.h"
#include "service/usecases/mails/mail_queue.h"
#include "service/usecases/registrations/registration_lists.h"

namespace narada::http::pages {

// What the lists of the panel share: who comes, what was sent, who comes from where.

// The frame of such a page. It is for coordinators and experts too, who have no other rooms of the
// panel: they get it without the navigation.
enum class ListRoom { registrations, mails };
void open_list(Page& page, const usecases::SignedIn& signed_in, ListRoom room,
               const std::string& title);

// A column of a list of registrations.
enum class Column {
  name,
  email,
  position,
  unit,
  phone,
  institution,
  kind,
  county,
  meeting,
  date,
  cycle,
  mode,
  status,
  registered,
  confirmed,
  question,
  challenge,
  diet,
  access_needs,
  interpreter,
  needs,
  reason,
};
// Those named in the URL (kolumna=…, several), in their own order; without any the usual ones.
std::vector<Column> read_columns(const Request& request);
// [{name, id, label, checked}] of all.
web::View column_options(const Page& page, const std::vector<Column>& chosen);
std::string heading_of(const Page& page, Column column);

// Those of the questions that the URL names as columns (kolumna=p12), and [{name, label, checked}]
// of all.
domain::Questions read_answer_columns(const Request& request, const domain::Questions& questions);
web::View answer_column_options(const Page& page, const domain::Questions& questions,
                                const domain::Questions& chosen);

// What stands in the cell: for a screen in words, for a file as a machine sorts it.
enum class CellFor { screen, file };
std::string cell_of(const Page& page, Column column, const domain::RegistrationRow& row,
                    CellFor reader);

// All that somebody needs, in one line.
std::string needs_text(const Page& page, const domain::RegistrationRow& row);
// [{kind, need, people}] of the counts.
web::View counted_needs_view(const Page& page, const std::vector<usecases::CountedNeed>& needs);

// The filter of the URL: spotkanie, cykl, gmina, status, tryb, od, do, q. What fits nothing is left
// out, as if it were not there.
domain::RegistrationFilter read_registration_filter(const Request& request);
// kolejnosc=…, or `usual`.
domain::RegistrationSort read_registration_sort(const Request& request,
                                                domain::RegistrationSort usual);
// {meeting, cycle, institution, q, from, to, statuses, modes, sorts} for the form.
web::View registration_filter_view(const Page& page, const domain::RegistrationFilter& filter,
                                   const std::vector<domain::RegistrationSort>& sorts,
                                   domain::RegistrationSort sort);
// The query of this page again, "?…" or empty, without these parameters.
std::string query_without(const Request& request, const std::vector<std::string_view>& names);
// The address of the page that goes on after `cursor`.
std::string next_url(const Page& page, const std::string& path, const std::string& cursor);

// {url, name, institution, status, color, queue, …} of a row.
std::string person_name(const Page& page, const domain::RegistrationRow& row);

// [{id, url, kind, subject, to, created, state, color, …}]
web::View mail_views(const Page& page, const std::vector<usecases::QueuedMail>& mails);
std::string mail_state_text(const Page& page, usecases::MailState state);
std::string mail_kind_text(const Page& page, const std::string& kind);

}  // namespace narada::http::pages
