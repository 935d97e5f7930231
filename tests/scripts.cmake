# Tests that are not doctest binaries: scripts that read files, start programs or drive a browser.
find_program(PYTHON3 python3 REQUIRED)
find_program(NODE node REQUIRED)

add_test(NAME include-order COMMAND ${CMAKE_SOURCE_DIR}/tools/check-includes)
add_test(NAME include-order-control
  COMMAND ${PYTHON3} ${CMAKE_SOURCE_DIR}/tests/scripts/check_includes_test.py ${CMAKE_SOURCE_DIR}/tools/check-includes)
set_tests_properties(include-order include-order-control PROPERTIES LABELS scripts TIMEOUT 300)
add_test(NAME templates COMMAND ${CMAKE_SOURCE_DIR}/tools/check-templates)
add_test(NAME templates-control
  COMMAND ${PYTHON3} ${CMAKE_SOURCE_DIR}/tests/scripts/check_templates_test.py ${CMAKE_SOURCE_DIR}/tools/check-templates)
set_tests_properties(templates templates-control PROPERTIES LABELS scripts TIMEOUT 300)

# The pages in Chromium, against the program of this build with a database of its own.
add_test(NAME browser COMMAND ${CMAKE_SOURCE_DIR}/tests/browser/start.sh ${CMAKE_BINARY_DIR})
add_test(NAME browser-planner COMMAND ${CMAKE_SOURCE_DIR}/tests/browser/start.sh ${CMAKE_BINARY_DIR} --empty
  ${NODE} ${CMAKE_SOURCE_DIR}/tests/browser/planner.mjs)
add_test(NAME browser-delegation COMMAND ${CMAKE_COMMAND} -E env PROGRAM=${CMAKE_BINARY_DIR}/service/narada
  ${CMAKE_SOURCE_DIR}/tests/browser/start.sh ${CMAKE_BINARY_DIR} ${NODE} ${CMAKE_SOURCE_DIR}/tests/browser/delegation.mjs)
set_tests_properties(browser-delegation PROPERTIES LABELS browser TIMEOUT 900 PROCESSORS 2)
# Files that would hurt readers, photos, and uploads that meet with trouble.
add_test(NAME browser-files COMMAND ${CMAKE_COMMAND} -E env UNIT_TESTS=$<TARGET_FILE:narada_unit_tests>
  ${CMAKE_SOURCE_DIR}/tests/browser/start.sh ${CMAKE_BINARY_DIR} ${NODE} ${CMAKE_SOURCE_DIR}/tests/browser/files.mjs)
set_tests_properties(browser-files PROPERTIES LABELS browser TIMEOUT 600 PROCESSORS 2)
# A practice from its first word to readers.
add_test(NAME browser-practices COMMAND ${CMAKE_SOURCE_DIR}/tests/browser/start.sh ${CMAKE_BINARY_DIR}
  ${NODE} ${CMAKE_SOURCE_DIR}/tests/browser/practices.mjs)
set_tests_properties(browser-practices PROPERTIES LABELS browser TIMEOUT 600 PROCESSORS 2)
# A school from its challenge to who adopted what came of it.
add_test(NAME browser-chain COMMAND ${CMAKE_SOURCE_DIR}/tests/browser/start.sh ${CMAKE_BINARY_DIR}
  ${NODE} ${CMAKE_SOURCE_DIR}/tests/browser/chain.mjs)
set_tests_properties(browser-chain PROPERTIES LABELS browser TIMEOUT 600 PROCESSORS 2)
# The golden mails as a browser shows them, and as text.
add_test(NAME mails COMMAND ${NODE} ${CMAKE_SOURCE_DIR}/tests/browser/mails.mjs)
set_tests_properties(mails PROPERTIES LABELS browser TIMEOUT 600)
set_tests_properties(browser browser-planner PROPERTIES LABELS browser TIMEOUT 1800 PROCESSORS 2)

# Calendar files as other programs read them: the golden ones, and the same written by this build.
# python3-icalendar and khal are packages of the system's own Python, not of another one in PATH.
find_program(SYSTEM_PYTHON3 python3 PATHS /usr/bin NO_DEFAULT_PATH REQUIRED)
add_executable(narada_write_calendar scripts/write_calendar.cpp unit/calendar/samples.cpp)
target_link_libraries(narada_write_calendar PRIVATE narada_calendar)
set(golden_calendar ${CMAKE_SOURCE_DIR}/tests/golden/calendar)
set(written_calendar ${CMAKE_BINARY_DIR}/calendar)
set(read_calendar_python ${SYSTEM_PYTHON3} ${CMAKE_SOURCE_DIR}/tests/scripts/read_calendar.py)
set(read_calendar_node ${NODE} ${CMAKE_SOURCE_DIR}/tests/scripts/read_calendar.mjs)
set(read_calendar_control ${SYSTEM_PYTHON3} ${CMAKE_SOURCE_DIR}/tests/scripts/read_calendar_control.py)
add_test(NAME calendar-write COMMAND narada_write_calendar ${written_calendar})
set_tests_properties(calendar-write PROPERTIES FIXTURES_SETUP written_calendar)
foreach(reader IN ITEMS python node)
  add_test(NAME calendar-read-${reader} COMMAND ${read_calendar_${reader}}
    ${golden_calendar}/expected.json ${golden_calendar} ${written_calendar})
  set_tests_properties(calendar-read-${reader} PROPERTIES FIXTURES_REQUIRED written_calendar)
  add_test(NAME calendar-read-${reader}-control
    COMMAND ${read_calendar_control} ${golden_calendar} ${read_calendar_${reader}})
endforeach()
set_tests_properties(calendar-write calendar-read-python calendar-read-node
  calendar-read-python-control calendar-read-node-control PROPERTIES LABELS scripts TIMEOUT 600)

# Reminders of the running program while its clock jumps and it is killed.
add_test(NAME reminder-clock
  COMMAND ${SYSTEM_PYTHON3} ${CMAKE_SOURCE_DIR}/tests/scripts/reminder_clock.py ${CMAKE_BINARY_DIR})
set_tests_properties(reminder-clock PROPERTIES LABELS scripts TIMEOUT 900 SKIP_RETURN_CODE 77)

# Uploads of the running program: each MUST of tus 1.0.0 by plain HTTP, and tus-js-client; then with the
# program and its database killed under them, and with a disk that fills up.
add_test(NAME tus COMMAND ${CMAKE_SOURCE_DIR}/tests/browser/start.sh ${CMAKE_BINARY_DIR} --empty
  ${SYSTEM_PYTHON3} ${CMAKE_SOURCE_DIR}/tests/tus/conformance.py ${CMAKE_BINARY_DIR}/service/narada)
add_test(NAME tus-killed COMMAND ${SYSTEM_PYTHON3} ${CMAKE_SOURCE_DIR}/tests/tus/killed.py ${CMAKE_BINARY_DIR})
add_test(NAME tus-full-disk COMMAND ${SYSTEM_PYTHON3} ${CMAKE_SOURCE_DIR}/tests/tus/full_disk.py ${CMAKE_BINARY_DIR})
set_tests_properties(tus tus-killed tus-full-disk PROPERTIES LABELS scripts TIMEOUT 900 SKIP_RETURN_CODE 77)
