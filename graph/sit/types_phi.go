package sit

// health holds the types about health care.
var health = []Type{
	{"us_mbi", "US Medicare Beneficiary Identifier", PHI, "US", []string{"HIPAA", "GDPR"}, Medium, 0.001},
	{"us_npi", "US National Provider Identifier", PHI, "US", []string{"HIPAA", "GDPR"}, Low, 0.0996},
	{"us_dea", "US DEA number", PHI, "US", []string{"HIPAA", "GDPR"}, Low, 0.1},
	{"medical_record_number", "Medical record number", PHI, "", []string{"HIPAA", "GDPR"}, Low, 1},
	{"uk_nhs_number", "UK NHS number", PHI, "GB", []string{"UK GDPR"}, Low, 0.0901},
	{"au_medicare", "Australia Medicare number", PHI, "AU", []string{"Privacy Act AU"}, Low, 0.1006},
	{"icd10_code", "ICD-10-CM code", PHI, "", []string{"HIPAA", "GDPR"}, Low, 0.1},
	{"de_health_insurance", "Germany KVNR", PHI, "DE", []string{"GDPR"}, Medium, 0.1},
}
