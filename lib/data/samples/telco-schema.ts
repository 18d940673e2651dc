// The columns of the published Telco customer table.
import type { TableSchema } from "../../frame/field-type.ts";

/** Schema of the Telco customers; SeniorCitizen is text (0 or 1), TotalCharges is null where tenure is 0. */
export const telcoSchema = {
  customerID: "string",
  gender: "string",
  SeniorCitizen: "string",
  Partner: "string",
  Dependents: "string",
  tenure: "long",
  PhoneService: "string",
  MultipleLines: "string",
  InternetService: "string",
  OnlineSecurity: "string",
  OnlineBackup: "string",
  DeviceProtection: "string",
  TechSupport: "string",
  StreamingTV: "string",
  StreamingMovies: "string",
  Contract: "string",
  PaperlessBilling: "string",
  PaymentMethod: "string",
  MonthlyCharges: "double",
  TotalCharges: "double",
  Churn: "string",
} as const satisfies TableSchema;
