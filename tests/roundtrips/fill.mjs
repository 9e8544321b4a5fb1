// Fills a canvas as a supplier's program would, with SheetJS or ExcelJS, and saves it:
//   node fill.mjs sheetjs|exceljs SOURCE TARGET ANSWERS
// ANSWERS is a JSON file: [{ "sheet": "Mon offre", "cell": "C12", "value": 3 }, …].

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [, , program, source, target, answers] = process.argv;
const require = createRequire(import.meta.url);
const given = JSON.parse(readFileSync(answers, "utf8"));

async function withSheetJS() {
  const XLSX = require("xlsx");
  const book = XLSX.readFile(source, { cellStyles: true, bookVBA: true });
  for (const { sheet, cell, value } of given) {
    const page = book.Sheets[sheet];
    page[cell] = typeof value === "number" ? { t: "n", v: value } : { t: "s", v: value };
  }
  XLSX.writeFile(book, target);
}

async function withExcelJS() {
  const ExcelJS = require("exceljs");
  const book = new ExcelJS.Workbook();
  await book.xlsx.readFile(source);
  for (const { sheet, cell, value } of given) book.getWorksheet(sheet).getCell(cell).value = value;
  await book.xlsx.writeFile(target);
}

await { sheetjs: withSheetJS, exceljs: withExcelJS }[program]();
