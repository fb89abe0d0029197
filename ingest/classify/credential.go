package classify

import (
	"bytes"
	"net/url"
	"strings"

	"github.com/cairn-security/cairn/graph/sit"
)

// credentialOf turns a find into a record without its secret part. name is the
// variable, column or key it stands in, for passwords that say nothing else.
func credentialOf(typ sit.ID, value, secret []byte, name, foundAt string, h *Hasher) sit.Credential {
	c := sit.Credential{Kind: sit.Token, Type: typ, FoundAt: foundAt, KeyedHash: h.Sum(secret)}
	switch typ {
	case "aws_access_key":
		c.Kind, c.Locator, c.KeyedHash = sit.AccessKey, string(value), ""
	case "aws_secret_key":
		c.Kind = sit.AccessKey
	case "db_url_credentials":
		c.Kind, c.Locator = sit.DatabaseLogin, urlLocator(string(value), string(secret))
	case "azure_sql_connection":
		c.Kind, c.Locator = sit.DatabaseLogin, connectionLocator(string(value))
	case "private_key_pem", "private_key_openssh", "private_key_pgp", "private_key_putty", "age_secret_key":
		c.Kind = sit.PrivateKey
	case "generic_password", "password_hash":
		c.Kind, c.Locator = sit.Password, name
	case "slack_token":
		c.Locator = "slack.com"
		if bytes.Contains(value, []byte("hooks.slack.com")) {
			c.Kind, c.Locator = sit.Webhook, "hooks.slack.com"
		}
	case "azure_sas_token":
		if u, err := url.Parse(string(value)); err == nil {
			c.Locator = u.Host + u.Path
		}
	default:
		c.Locator = providerHosts[typ]
	}
	return c
}

// providerHosts says what a token opens where the type alone tells.
var providerHosts = map[sit.ID]string{
	"github_token": "github.com", "gitlab_token": "gitlab.com", "stripe_key": "api.stripe.com", "twilio_key": "api.twilio.com",
	"sendgrid_key": "api.sendgrid.com", "openai_anthropic_key": "", "databricks_token": "", "shopify_token": "shopify.com",
	"telegram_token": "api.telegram.org", "digitalocean_token": "api.digitalocean.com", "gcp_api_key": "googleapis.com",
	"huggingface_token": "huggingface.co", "notion_token": "api.notion.com", "postman_token": "api.getpostman.com",
	"doppler_token": "api.doppler.com", "sentry_token": "sentry.io", "heroku_token": "api.heroku.com",
	"cloudflare_token": "api.cloudflare.com", "docker_token": "hub.docker.com", "planetscale_token": "api.planetscale.com",
}

// defaultPorts of schemes whose URLs leave the port out.
var defaultPorts = map[string]string{
	"postgres": "5432", "postgresql": "5432", "mysql": "3306", "mariadb": "3306", "mongodb": "27017", "redis": "6379",
	"rediss": "6379", "amqp": "5672", "amqps": "5671", "sqlserver": "1433", "mssql": "1433", "oracle": "1521",
	"redshift": "5439", "snowflake": "443", "http": "80", "https": "443", "ftp": "21", "clickhouse": "9000",
}

// urlLocator is host:port/database/user of a URL. The password goes first: one
// with marks that a URL must not have could end up anywhere.
func urlLocator(raw, password string) string {
	raw = strings.Replace(raw, ":"+password+"@", "@", 1)
	u, err := url.Parse(raw)
	if err != nil {
		// Not quite a URL: read it by hand.
		scheme, rest, ok := strings.Cut(raw, "://")
		at := strings.LastIndexByte(rest, '@')
		if !ok || at < 0 {
			return ""
		}
		user, _, _ := strings.Cut(rest[:at], ":")
		host, path, _ := strings.Cut(rest[at+1:], "/")
		return locator(host, defaultPorts[driver(scheme)], path, user)
	}
	return locator(u.Host, defaultPorts[driver(u.Scheme)], strings.TrimPrefix(u.Path, "/"), u.User.Username())
}

// driver cuts "postgresql+psycopg2" and "jdbc:mysql" to the database.
func driver(scheme string) string {
	scheme, _, _ = strings.Cut(strings.ToLower(scheme), "+")
	return scheme
}

func locator(host, port, database, user string) string {
	if host == "" {
		return ""
	}
	if !strings.Contains(host[strings.LastIndexByte(host, ']')+1:], ":") && port != "" {
		host += ":" + port
	}
	database, _, _ = strings.Cut(database, "?")
	return strings.TrimRight(strings.ToLower(host)+"/"+database+"/"+user, "/")
}

// connectionLocator reads key=value pairs divided by semicolons.
func connectionLocator(raw string) string {
	var host, port, database, user string
	for pair := range strings.SplitSeq(raw, ";") {
		key, value, ok := strings.Cut(pair, "=")
		if !ok {
			continue
		}
		value = strings.TrimSpace(value)
		switch key = strings.ToLower(strings.TrimSpace(key)); {
		case strings.HasSuffix(key, "server") || strings.HasSuffix(key, "data source") || strings.HasSuffix(key, "host") || key == "addr" || key == "address":
			host = strings.TrimPrefix(value, "tcp:")
			if h, p, ok := strings.Cut(host, ","); ok {
				host, port = h, p
			}
		case key == "port":
			port = value
		case key == "database" || key == "initial catalog" || key == "dbname":
			database = value
		case key == "user id" || key == "uid" || key == "user" || key == "username":
			user = value
		}
	}
	return locator(host, port, database, user)
}
