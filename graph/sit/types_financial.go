package sit

// financial holds payment cards and bank data.
var financial = []Type{
	{"credit_card_number", "Payment card number", PCI, "", []string{"PCI DSS", "GLBA", "GDPR", "CCPA"}, High, 0.102},
	{"credit_card_track_data", "Magnetic stripe track 1/2", PCI, "", []string{"PCI DSS"}, High, 0.1},
	{"card_verification_code", "Card security code", PCI, "", []string{"PCI DSS"}, Low, 1},
	{"iban", "IBAN", Financial, "", []string{"GLBA", "GDPR", "PSD2"}, High, 0.0103},
	{"swift_bic", "SWIFT / BIC", Financial, "", []string{"GLBA"}, Low, 0.4},
	{"us_aba_routing", "US ABA routing number", Financial, "US", []string{"GLBA"}, Low, 0.0995},
	{"us_bank_account", "US bank account number", Financial, "US", []string{"GLBA", "CCPA"}, Low, 1},
	{"crypto_wallet_btc", "Bitcoin address", Financial, "", []string{"GDPR"}, High, 0},
	{"crypto_wallet_eth", "Ethereum address", Financial, "", []string{"GDPR"}, Medium, 0},
}
