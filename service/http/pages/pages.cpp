#include "service/http/pages/pages.h"

namespace narada::http::pages {

void add_pages(Router& router, const Parts& parts) {
  add_home_page(router, parts);
  add_calendar_pages(router, parts);
  add_meeting_pages(router, parts);
  add_registration_pages(router, parts);
  add_manage_pages(router, parts);
  add_my_pages(router, parts);
  add_my_data_pages(router, parts);
  add_unsubscribing_page(router, parts);
  add_my_token_pages(router, parts);
  add_my_privacy_pages(router, parts);
  add_delegation_pages(router, parts);
  add_cycle_pages(router, parts);
  add_practice_pages(router, parts);
  add_institution_pages(router, parts);
  add_topic_pages(router, parts);
  add_document_pages(router, parts);
  add_expert_pages(router, parts);
  add_material_reading_pages(router, parts);
  add_leading_pages(router, parts);
  add_search_page(router, parts);
  add_sign_in_pages(router, parts);
  add_password_pages(router, parts);
  add_second_factor_pages(router, parts);
  add_oidc_pages(router, parts);
  add_security_page(router, parts);
  add_security_password_page(router, parts);
  add_security_codes_page(router, parts);
  add_invitation_page(router, parts);
  add_survey_page(router, parts);
  add_panel_pages(router, parts);
  add_panel_meeting_pages(router, parts);
  add_panel_publication_pages(router, parts);
  add_panel_cycle_pages(router, parts);
  add_panel_reminder_pages(router, parts);
  add_plain_pages(router, parts);
  add_feeds(router, parts);
  add_sitemap_files(router, parts);
  add_oai(router, parts);
  add_export_pages(router, parts);
  add_assets(router, parts);
}

}  // namespace narada::http::pages
