#include "files/s3_answer.h"

#include <doctest/doctest.h>

using namespace narada;
using namespace narada::files;

TEST_CASE("a page of objects is read") {
  const auto page = parse_s3_page(
      R"(<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name>
<IsTruncated>true</IsTruncated><NextContinuationToken>a&amp;b=</NextContinuationToken>
<Contents><Key>p/1</Key><LastModified>2026-11-22T18:00:01.000Z</LastModified><Size>12</Size></Contents>
<Contents><Key>p/bad</Key><LastModified>2026-11-22T18:00:01Z</LastModified><Size>-1</Size></Contents>
<Contents><Key>p/bad</Key><LastModified>yesterday</LastModified><Size>1</Size></Contents>
<Contents><Key>p/ż</Key><LastModified>2024-02-29T00:00:00Z</LastModified><Size>3000000000</Size></Contents>
</ListBucketResult>)");
  REQUIRE(page);
  CHECK(page->next == "a&b=");
  REQUIRE(page->objects.size() == 2);
  CHECK(page->objects[0].key == "p/1");
  CHECK(page->objects[0].size == 12);
  CHECK(page->objects[0].modified_at.time_since_epoch().count() == 1795370401);
  CHECK(page->objects[1].key == "p/ż");
  CHECK(page->objects[1].size == 3'000'000'000);
}

TEST_CASE("what is no page of objects is none") {
  for (const char* text : {"", "x", "<Error><Code>NoSuchBucket</Code></Error>",
                           "<ListBucketResult><Contents>", "<html></html>"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_s3_page(text));
  }
}

TEST_CASE("entities of an answer are not followed") {
  CHECK(find_s3_text(
            R"(<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a><Code>&e;</Code></a>)",
            "Code") == "");
  CHECK(find_s3_text("<Error><Code>AccessDenied</Code><Code>2</Code></Error>", "Code") ==
        "AccessDenied");
}
