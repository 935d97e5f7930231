#pragma once

#include <memory>
#include <string_view>

#include "service/http/pages/form.h"
#include "service/http/pages/material_forms.h"
#include "service/usecases/materials/materials.h"

namespace narada::http::pages {

// The pages of one place, each file adding its own; add_material_pages calls them all.
using SharedPlace = std::shared_ptr<const MaterialPlace>;
void add_material_preview_pages(Router& router, const Parts& parts, const SharedPlace& place);
void add_material_file_pages(Router& router, const Parts& parts, const SharedPlace& place);
void add_material_version_pages(Router& router, const Parts& parts, const SharedPlace& place);
void add_material_edit_pages(Router& router, const Parts& parts, const SharedPlace& place);

// Whether there are people to be told of what is new: nobody takes part in a practice.
bool has_participants(const MaterialRoom& room);

// Opens the page with this title; where errors are shown it says so. Sets heading and list_url.
void open_material_page(Page& page, const usecases::SignedIn& signed_in, const MaterialPlace& place,
                        const MaterialRoom& room, const std::string& heading);
// Throws Error 404 where nothing can be brought any more.
MaterialRoom find_open_room(const Page& page, const usecases::SignedIn& signed_in,
                            const MaterialPlace& place);
// Those of the room that the person sees.
std::vector<usecases::ReadableMaterial> load_room(const Page& page,
                                                  const usecases::SignedIn& signed_in,
                                                  const MaterialRoom& room);
// The material of the path, for who may change it; throws Error 404, also for one of another room.
usecases::EditedMaterial find_edited(const Page& page, const usecases::SignedIn& signed_in,
                                     const MaterialRoom& room);

}  // namespace narada::http::pages
