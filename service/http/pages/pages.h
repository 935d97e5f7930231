#pragma once

#include "service/http/pages/page.h"
#include "service/usecases/tasks.h"

namespace narada::http::pages {

// Every page for people, in Polish and under /en/ in English, and what belongs to them: feeds and
// the built styles, fonts and images. `parts` outlives the router.
void add_pages(Router& router, const Parts& parts);

// The work behind the pages that start tasks. `parts` outlives it.
usecases::TaskKinds task_kinds(const Parts& parts);

// One room of the site each; add_pages calls them all, those of the panel through add_panel_pages.
void add_home_page(Router& router, const Parts& parts);
void add_calendar_pages(Router& router, const Parts& parts);
void add_meeting_pages(Router& router, const Parts& parts);
void add_registration_pages(Router& router, const Parts& parts);
void add_manage_pages(Router& router, const Parts& parts);
void add_my_pages(Router& router, const Parts& parts);
void add_my_data_pages(Router& router, const Parts& parts);
void add_unsubscribing_page(Router& router, const Parts& parts);
void add_my_token_pages(Router& router, const Parts& parts);
void add_my_privacy_pages(Router& router, const Parts& parts);
void add_delegation_pages(Router& router, const Parts& parts);
void add_delegation_table_pages(Router& router, const Parts& parts);  // these by the one before
void add_substitution_pages(Router& router, const Parts& parts);
void add_consent_pages(Router& router, const Parts& parts);
void add_panel_delegation_pages(Router& router, const Parts& parts);
void add_cycle_pages(Router& router, const Parts& parts);
void add_practice_pages(Router& router, const Parts& parts);
void add_practice_page(Router& router, const Parts& parts);  // of one; called by those before
void add_place_map_pages(Router& router, const Parts& parts);  // these two by the ones before
void add_widget_pages(Router& router, const Parts& parts);
void add_topic_pages(Router& router, const Parts& parts);
void add_document_pages(Router& router, const Parts& parts);
void add_sitemap_files(Router& router, const Parts& parts);
void add_oai(Router& router, const Parts& parts);
void add_export_pages(Router& router, const Parts& parts);
void add_panel_reading_pages(Router& router, const Parts& parts);
void add_institution_pages(Router& router, const Parts& parts);
void add_expert_pages(Router& router, const Parts& parts);
void add_material_reading_pages(Router& router, const Parts& parts);
void add_leading_pages(Router& router, const Parts& parts);
void add_search_page(Router& router, const Parts& parts);
void add_sign_in_pages(Router& router, const Parts& parts);
void add_password_pages(Router& router, const Parts& parts);
void add_second_factor_pages(Router& router, const Parts& parts);
void add_oidc_pages(Router& router, const Parts& parts);
void add_security_page(Router& router, const Parts& parts);
void add_security_password_page(Router& router, const Parts& parts);
void add_security_codes_page(Router& router, const Parts& parts);
void add_panel_pages(Router& router, const Parts& parts);
void add_panel_meeting_pages(Router& router, const Parts& parts);
void add_panel_publication_pages(Router& router, const Parts& parts);
void add_panel_reminder_pages(Router& router, const Parts& parts);
void add_panel_cycle_pages(Router& router, const Parts& parts);
void add_panel_cycle_wizard(Router& router, const Parts& parts);  // called by the page before
void add_panel_people_pages(Router& router, const Parts& parts);
void add_panel_institution_pages(Router& router, const Parts& parts);
void add_panel_merge_pages(Router& router, const Parts& parts);
void add_panel_import_pages(Router& router, const Parts& parts);
void add_panel_activity_pages(Router& router, const Parts& parts);
void add_panel_privacy_pages(Router& router, const Parts& parts);
void add_panel_registration_pages(Router& router, const Parts& parts);
void add_panel_registration_search_pages(Router& router, const Parts& parts);
void add_panel_registration_record_pages(Router& router, const Parts& parts);
void add_panel_invitee_pages(Router& router, const Parts& parts);
// Of one list, below `base`; called by the page before.
void add_panel_invitee_adding_pages(Router& router, const Parts& parts, const std::string& base);
void add_panel_organizer_message_pages(Router& router, const Parts& parts);
void add_panel_survey_pages(Router& router, const Parts& parts);
void add_panel_practice_pages(Router& router, const Parts& parts);
void add_practice_proposal_pages(Router& router, const Parts& parts);
void add_panel_material_pages(Router& router, const Parts& parts);
void add_survey_page(Router& router, const Parts& parts);
void add_panel_challenge_pages(Router& router, const Parts& parts);
void add_invitation_page(Router& router, const Parts& parts);
void add_panel_question_pages(Router& router, const Parts& parts);
void add_panel_mail_pages(Router& router, const Parts& parts);
void add_panel_settings_pages(Router& router, const Parts& parts);
void add_panel_mail_template_pages(Router& router, const Parts& parts);  // called by those before
void add_panel_ledger_pages(Router& router, const Parts& parts);
void add_panel_recess_pages(Router& router, const Parts& parts);
void add_panel_date_finder_page(Router& router, const Parts& parts);
void add_panel_expert_pages(Router& router, const Parts& parts);
void add_panel_expert_record_pages(Router& router,
                                   const Parts& parts);  // called by the page before
void add_panel_statistics_pages(Router& router, const Parts& parts);
void add_panel_places_pages(Router& router, const Parts& parts);
void add_panel_attendance_pages(Router& router, const Parts& parts);
void add_panel_coverage_pages(Router& router, const Parts& parts);
void add_panel_task_pages(Router& router, const Parts& parts);
void add_plain_pages(Router& router, const Parts& parts);
void add_feeds(Router& router, const Parts& parts);
void add_assets(Router& router, const Parts& parts);

}  // namespace narada::http::pages
