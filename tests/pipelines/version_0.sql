-- The database before it had a version: the tables as they were first laid out, with one
-- report. Kept as it was; nothing here follows what the program does today.
CREATE TABLE "division" (
    "id" TEXT, "name" TEXT, "level" TEXT, "parent" TEXT REFERENCES "division" (id), PRIMARY KEY ("id"));
CREATE TABLE "division_name" (
    "division" TEXT REFERENCES "division" (id), "from_year" INTEGER, "to_year" INTEGER, "code" TEXT,
    "name" TEXT, PRIMARY KEY ("division", "from_year"));
CREATE TABLE "agency" (
    "id" TEXT, "name" TEXT, "division" TEXT REFERENCES "division" (id), "kind" TEXT, PRIMARY KEY ("id"));
CREATE TABLE "portal" (
    "id" TEXT, "title" TEXT, "division" TEXT, "home" TEXT, "platform" TEXT, "specimen" INTEGER,
    PRIMARY KEY ("id"));
CREATE TABLE "run" (
    "id" TEXT, "portal" TEXT REFERENCES "portal" (id), "started_at" TEXT, "ended_at" TEXT, "outcome" TEXT,
    "reason" TEXT, "requests" INTEGER, "captures" INTEGER, "bytes" INTEGER, "interruptions" INTEGER,
    PRIMARY KEY ("id"));
CREATE TABLE "skip" (
    "run" TEXT REFERENCES "run" (id), "url" TEXT, "text" TEXT, "reason" TEXT, PRIMARY KEY ("run", "url"));
CREATE TABLE "capture" (
    "id" TEXT, "portal" TEXT REFERENCES "portal" (id), "run" TEXT REFERENCES "run" (id), "role" TEXT,
    "url" TEXT, "method" TEXT, "status" INTEGER, "content_type" TEXT, "fetched_at" TEXT, "digest" TEXT,
    "size" INTEGER, "file" TEXT, "offset" INTEGER, "length" INTEGER, "link_text" TEXT, "listed_on" TEXT,
    "reading" TEXT, "reading_reason" TEXT, PRIMARY KEY ("id"));
CREATE TABLE "report" (
    "id" TEXT, "agency" TEXT REFERENCES "agency" (id), "year" INTEGER, "title" TEXT, "published_on" TEXT,
    "due_on" TEXT, "days_late" INTEGER, "status" TEXT, "revision" INTEGER REFERENCES "revision" (id),
    PRIMARY KEY ("id"));
CREATE TABLE "source" (
    "id" TEXT, "report" TEXT REFERENCES "report" (id), "portal" TEXT REFERENCES "portal" (id), "url" TEXT,
    PRIMARY KEY ("id"));
CREATE TABLE "revision" (
    "id" INTEGER, "source" TEXT REFERENCES "source" (id), "capture" TEXT REFERENCES "capture" (id),
    "form" TEXT REFERENCES "form" (id), "digest" TEXT, "first_seen" TEXT, "last_seen" TEXT, "extractor" TEXT,
    PRIMARY KEY ("id"));
CREATE TABLE "form" (
    "id" TEXT, "name" TEXT, "first_year" INTEGER, "last_year" INTEGER, "source" TEXT, PRIMARY KEY ("id"));
CREATE TABLE "form_item" (
    "id" INTEGER, "label" TEXT, "table" TEXT, "row" TEXT, "column" TEXT, "unit" TEXT, "comparability" TEXT,
    PRIMARY KEY ("id"));
CREATE TABLE "form_cell" (
    "form" TEXT REFERENCES "form" (id), "item" INTEGER REFERENCES "form_item" (id), "block" INTEGER,
    "block_label" TEXT, "row_order" INTEGER, "column_order" INTEGER, "row_labels" TEXT, "column_labels" TEXT,
    PRIMARY KEY ("form", "item"));
CREATE TABLE "cell_state" ("id" INTEGER, "name" TEXT, "meaning" TEXT, PRIMARY KEY ("id"));
CREATE TABLE "cell" (
    "revision" INTEGER REFERENCES "revision" (id), "item" INTEGER REFERENCES "form_item" (id), "value" REAL,
    "state" INTEGER REFERENCES "cell_state" (id), "text" TEXT, "place" TEXT,
    PRIMARY KEY ("revision", "item")) WITHOUT ROWID;
CREATE TABLE "section" (
    "revision" INTEGER REFERENCES "revision" (id), "number" INTEGER, "heading" TEXT, "text" TEXT,
    PRIMARY KEY ("revision", "number"));
CREATE TABLE "check_definition" (
    "id" TEXT, "number" TEXT, "severity" TEXT, "zh" TEXT, "en" TEXT, PRIMARY KEY ("id"));
CREATE TABLE "finding" (
    "id" INTEGER, "revision" INTEGER REFERENCES "revision" (id),
    "check" TEXT REFERENCES "check_definition" (id), "severity" TEXT, "pass" TEXT, "table" TEXT, "row" TEXT,
    "column" TEXT, "expected" REAL, "found" REAL, PRIMARY KEY ("id"));
CREATE TABLE "problem" (
    "id" INTEGER, "capture" TEXT REFERENCES "capture" (id), "revision" INTEGER REFERENCES "revision" (id),
    "kind" TEXT, "table" TEXT, "row" TEXT, "column" TEXT, "detail" TEXT, "place" TEXT, PRIMARY KEY ("id"));
CREATE TABLE "description" ("table" TEXT, "field" TEXT, "zh" TEXT, "en" TEXT, PRIMARY KEY ("table", "field"));
CREATE INDEX "idx_division_name_code" ON "division_name" ("code");
CREATE INDEX "idx_agency_division" ON "agency" ("division");
CREATE INDEX "idx_agency_name" ON "agency" ("name");
CREATE INDEX "idx_run_portal" ON "run" ("portal");
CREATE INDEX "idx_capture_portal" ON "capture" ("portal");
CREATE INDEX "idx_capture_run" ON "capture" ("run");
CREATE INDEX "idx_capture_url" ON "capture" ("url");
CREATE INDEX "idx_capture_digest" ON "capture" ("digest");
CREATE INDEX "idx_report_agency" ON "report" ("agency");
CREATE INDEX "idx_report_year" ON "report" ("year");
CREATE INDEX "idx_report_published_on" ON "report" ("published_on");
CREATE INDEX "idx_source_report" ON "source" ("report");
CREATE INDEX "idx_source_portal" ON "source" ("portal");
CREATE INDEX "idx_revision_source" ON "revision" ("source");
CREATE INDEX "idx_revision_capture" ON "revision" ("capture");
CREATE INDEX "idx_form_item_table_row_column" ON "form_item" ("table", "row", "column");
CREATE INDEX "idx_cell_item" ON "cell" ("item");
CREATE INDEX "idx_finding_revision" ON "finding" ("revision");
CREATE INDEX "idx_finding_check" ON "finding" ("check");
CREATE INDEX "idx_problem_capture" ON "problem" ("capture");
CREATE INDEX "idx_problem_revision" ON "problem" ("revision");
CREATE INDEX "idx_problem_kind" ON "problem" ("kind");
INSERT INTO division VALUES ('990100', '样例市', 'specimen', NULL), ('410783', '长垣市', 'county', NULL);
INSERT INTO division_name VALUES ('410783', 2008, 2018, '410728', '长垣县'), ('410783', 2019, 2024, '410783', '长垣市');
INSERT INTO agency VALUES ('0123456789', '样例市旧版测试局', '990100', 'department');
INSERT INTO portal VALUES ('sample', '样例市人民政府', '990100', 'http://127.0.0.1:8101/', NULL, 1);
INSERT INTO run VALUES ('sample/1', 'sample', '2022-02-01T00:00:00Z', NULL, 'ok', NULL, 3, 2, 100, 0);
INSERT INTO capture VALUES
    ('aa', 'sample', 'sample/1', 'detail', 'http://127.0.0.1:8101/art/1.html', 'GET', 200, 'text/html',
     '2022-02-01T00:00:00Z', 'd1', 4, 'sample.warc.gz', 0, 10, '', '', 'report', 'title'),
    ('bb', 'sample', 'sample/1', 'list', 'http://127.0.0.1:8101/', 'GET', 200, 'text/html',
     '2022-02-01T00:00:00Z', 'd2', 4, 'sample.warc.gz', 10, 10, '', '', NULL, NULL);
INSERT INTO form VALUES ('form_2021', '格式', 2021, NULL, '');
INSERT INTO form_item VALUES (1, 'old words', 'disclosure', 'rules', 'newly_made', '件', 'none');
INSERT INTO form_cell VALUES ('form_2021', 1, 1, '', 1, 1, '[]', '[]');
INSERT INTO cell_state VALUES (1, 'number', ''), (2, 'blank', '');
INSERT INTO report VALUES
    ('0123456789-2021', '0123456789', 2021, '样例市旧版测试局2021年年度报告', '2022-01-20', '2022-01-31', 0, 'on_time', 77);
INSERT INTO source VALUES ('s1', '0123456789-2021', 'sample', 'http://127.0.0.1:8101/art/1.html');
INSERT INTO revision VALUES
    (77, 's1', 'aa', 'form_2021', 'd1', '2022-02-01T00:00:00Z', '2022-02-01T00:00:00Z', '0.0');
INSERT INTO cell VALUES (77, 1, 5.0, 1, NULL, 't1r2c2'), (77, 2, NULL, 2, NULL, 't1r2c3');
INSERT INTO section VALUES (77, 1, '一、总体情况', '主动公开体育信息。');
INSERT INTO check_definition VALUES ('review_sum', 'K4', 'error', '', '');
INSERT INTO finding VALUES (5, 77, 'review_sum', 'error', 'as_printed', 'review', 'review', 'total', 3.0, 2.0);
INSERT INTO problem VALUES (6, 'aa', 77, 'unknown_row', 'requests', NULL, NULL, 'x', NULL);
INSERT INTO description VALUES ('cell', '', '旧', 'old');
