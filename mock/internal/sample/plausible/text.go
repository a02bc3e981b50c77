package plausible

import (
	"fmt"
	"math/big"
	"strings"

	"github.com/brianvoe/gofakeit/v7"

	"github.com/understudy-mock/understudy/mock/internal/sample/dice"
)

// maker makes values from dice.
type maker struct {
	*dice.Dice
	*gofakeit.Faker
}

func newMaker(d *dice.Dice) maker { return maker{d, gofakeit.NewFaker(d, false)} }

// Text gives a text for something of that name inside of something called within;
// false for a name that says nothing.
func Text(name, within string, d *dice.Dice) (string, bool) {
	words := Words(name)
	if len(words) == 0 {
		return "", false
	}
	make, ok := find(texts, words)
	if last := words[len(words)-1]; !ok && (last == "at" || last == "on" && len(words) > 1) {
		make, ok = maker.dateTime, true
	}
	if !ok {
		return "", false
	}
	m := newMaker(d)
	if words[len(words)-1] == "name" {
		if _, exact := texts[strings.Join(words, "_")]; !exact || len(words) == 1 {
			return m.nameOf(append(Words(within), words[:len(words)-1]...)), true
		}
	}
	return make(m), true
}

// Phrase gives words that mean nothing.
func Phrase(d *dice.Dice) string { return newMaker(d).LoremIpsumWord() }

// texts are makers by name, words joined by underscores. find adds plurals and
// longer names that end in one of these.
var texts = map[string]func(maker) string{
	"email": maker.email, "mail": maker.email, "email_address": maker.email, "e_mail": maker.email,
	"first_name": maker.firstName, "given_name": maker.firstName, "forename": maker.firstName, "firstname": maker.firstName, "middle_name": maker.firstName,
	"last_name": maker.lastName, "family_name": maker.lastName, "surname": maker.lastName, "lastname": maker.lastName,
	"full_name": maker.person, "author": maker.person, "owner": maker.person, "contact": maker.person, "customer": maker.person, "recipient": maker.person, "sender": maker.person, "assignee": maker.person,
	"name": maker.thing, "product": maker.thing,
	"username": maker.username, "user_name": maker.username, "login": maker.username, "handle": maker.username, "nickname": maker.username, "user": maker.username,
	"phone": maker.phone, "phone_number": maker.phone, "telephone": maker.phone, "mobile": maker.phone, "fax": maker.phone, "tel": maker.phone,
	"iban": maker.iban, "bic": fixed("DEUTDEFF"), "swift": fixed("DEUTDEFF"), "card_number": fixed("4111111111111111"), "cvv": digits(3), "cvc": digits(3), "account_number": digits(10),
	"country": maker.country, "country_name": maker.country, "country_code": maker.countryCode, "country_iso": maker.countryCode,
	"city": maker.city, "location": maker.city, "town": maker.city, "state_code": maker.stateCode, "province": maker.state, "region": maker.state,
	"street": maker.street, "street_address": maker.street, "address": maker.street, "address_line": maker.street, "line": maker.street, "street_name": maker.street,
	"zip": maker.zip, "zip_code": maker.zip, "postal_code": maker.zip, "postcode": maker.zip, "zipcode": maker.zip,
	"latitude": maker.latitude, "lat": maker.latitude, "longitude": maker.longitude, "lng": maker.longitude, "lon": maker.longitude,
	"currency": maker.currency, "currency_code": maker.currency, "price": maker.price, "amount": maker.price, "cost": maker.price, "total": maker.price, "balance": maker.price, "fee": maker.price,
	"timestamp": maker.dateTime, "datetime": maker.dateTime, "date_time": maker.dateTime, "created": maker.dateTime, "updated": maker.dateTime, "modified": maker.dateTime, "expires": maker.dateTime, "last_modified": maker.dateTime,
	"date": maker.date, "birthday": maker.date, "dob": maker.date, "day": maker.date, "time": maker.time, "duration": fixed("PT15M"),
	"url": maker.url, "uri": maker.url, "link": maker.url, "href": maker.url, "website": maker.url, "homepage": maker.url, "self": maker.url, "next": maker.url, "prev": maker.url,
	"image": maker.image, "avatar": maker.image, "photo": maker.image, "picture": maker.image, "logo": maker.image, "icon": maker.image, "thumbnail": maker.image, "image_url": maker.image, "avatar_url": maker.image, "photo_url": maker.image,
	"ip": maker.ip, "ip_address": maker.ip, "ipv4": maker.ip, "ipv6": fixed("2001:db8::1"), "host": maker.host, "hostname": maker.host, "domain": maker.host, "mac_address": maker.mac, "server": maker.host,
	"description": maker.sentence, "summary": maker.sentence, "comment": maker.sentence, "note": maker.sentence, "message": maker.sentence, "text": maker.sentence, "body": maker.sentence, "content": maker.sentence,
	"bio": maker.sentence, "reason": maker.sentence, "detail": maker.sentence, "abstract": maker.sentence, "caption": maker.sentence, "instructions": maker.sentence, "question": maker.sentence, "answer": maker.sentence,
	"title": maker.title, "subject": maker.title, "headline": maker.title, "label": maker.title, "display_name": maker.title,
	"company": maker.company, "company_name": maker.company, "organization": maker.company, "organisation": maker.company, "employer": maker.company, "vendor": maker.company, "brand": maker.company, "manufacturer": maker.company,
	"job_title": maker.job, "job": maker.job, "occupation": maker.job, "profession": maker.job,
	"password": fixed("correct-Horse-7-battery"), "secret": maker.token, "token": maker.token, "access_token": maker.token, "refresh_token": maker.token, "api_key": maker.token, "hash": maker.hex, "checksum": maker.hex, "sha": maker.hex, "etag": maker.hex, "signature": maker.hex, "digest": maker.hex,
	"id": maker.uuid, "uuid": maker.uuid, "guid": maker.uuid, "identifier": maker.uuid, "node_id": maker.token,
	"slug": maker.slug, "code": maker.code, "sku": maker.code, "reference": maker.code, "serial_number": maker.code, "isbn": fixed("978-3-16-148410-0"), "ean": fixed("4006381333931"), "gtin": fixed("4006381333931"), "barcode": fixed("4006381333931"),
	"version": maker.version, "color": maker.color, "colour": maker.color, "language": maker.language, "lang": maker.language, "locale": fixed("en-US"), "timezone": fixed("Europe/Berlin"), "time_zone": fixed("Europe/Berlin"), "gender": maker.gender,
	"status": fixed("active"), "state": fixed("active"), "tag": maker.word, "keyword": maker.word, "category": maker.word, "type": fixed("default"), "role": fixed("member"), "department": fixed("Engineering"),
	"filename": fixed("report.pdf"), "file_name": fixed("report.pdf"), "file": fixed("report.pdf"), "path": fixed("/path/to/it"), "mime_type": fixed("application/json"), "content_type": fixed("application/json"), "media_type": fixed("application/json"),
	"user_agent": fixed("Mozilla/5.0"), "cursor": maker.token, "unit": fixed("kg"), "instance": fixed("/problems/1"),
}

func fixed(text string) func(maker) string { return func(maker) string { return text } }

func digits(n int) func(maker) string {
	return func(m maker) string {
		text := make([]byte, n)
		for i := range text {
			text[i] = byte('1' + m.Dice.IntN(9))
		}
		return string(text)
	}
}

// Things whose name is a person's, a company's or a place's.
var (
	people    = map[string]bool{"user": true, "person": true, "customer": true, "author": true, "owner": true, "contact": true, "employee": true, "member": true, "patient": true, "student": true, "guest": true, "passenger": true, "driver": true, "holder": true, "cardholder": true, "recipient": true, "sender": true, "profile": true, "actor": true, "assignee": true, "creator": true, "committer": true, "buyer": true, "seller": true}
	companies = map[string]bool{"company": true, "organization": true, "organisation": true, "vendor": true, "supplier": true, "brand": true, "merchant": true, "employer": true, "bank": true, "shop": true, "store": true}
)

// nameOf gives a name for what the words speak of.
func (m maker) nameOf(words []string) string {
	for i := len(words) - 1; i >= 0; i-- {
		word := words[i]
		switch {
		case people[word], people[singular(word)]:
			return m.person()
		case companies[word], companies[singular(word)]:
			return m.company()
		case word == "country", word == "countries":
			return m.country()
		case word == "city", word == "cities":
			return m.city()
		}
	}
	return m.thing()
}

func (m maker) firstName() string { return m.FirstName() }
func (m maker) lastName() string  { return m.LastName() }
func (m maker) person() string    { return m.FirstName() + " " + m.LastName() }
func (m maker) thing() string     { return m.ProductName() }
func (m maker) company() string   { return m.Company() }
func (m maker) job() string       { return m.JobTitle() }
func (m maker) city() string      { return m.City() }
func (m maker) state() string     { return m.State() }
func (m maker) stateCode() string { return m.StateAbr() }
func (m maker) street() string    { return m.Street() }
func (m maker) word() string      { return m.LoremIpsumWord() }
func (m maker) gender() string    { return m.Gender() }
func (m maker) zip() string       { return digits(5)(m) }

func (m maker) country() string     { return m.pickPlace().name }
func (m maker) countryCode() string { return m.pickPlace().code }
func (m maker) currency() string {
	return dice.Pick(m.Dice, "EUR", "USD", "GBP", "CHF", "JPY", "SEK", "CAD")
}
func (m maker) language() string { return dice.Pick(m.Dice, "en", "de", "fr", "es", "it", "nl", "pl") }

// place is a country that nobody renames soon.
type place struct{ name, code string }

func (m maker) pickPlace() place {
	return dice.Pick(m.Dice, place{"Germany", "DE"}, place{"France", "FR"}, place{"Spain", "ES"}, place{"Italy", "IT"}, place{"Portugal", "PT"}, place{"Poland", "PL"},
		place{"Norway", "NO"}, place{"Canada", "CA"}, place{"Japan", "JP"}, place{"Brazil", "BR"}, place{"Kenya", "KE"}, place{"Australia", "AU"})
}

func (m maker) username() string {
	return strings.ToLower(m.FirstName()) + fmt.Sprint(m.Between(1, 99))
}

func (m maker) email() string {
	return strings.ToLower(m.FirstName()+"."+m.LastName()) + "@example." + dice.Pick(m.Dice, "com", "org", "net")
}

// phone takes the numbers that are set aside for fiction.
func (m maker) phone() string { return "+1202555" + fmt.Sprintf("%04d", m.Between(100, 199)) }

// iban makes a German one with right check digits (ISO 13616).
func (m maker) iban() string {
	account := digits(18)(m)
	n, _ := new(big.Int).SetString(account+"131400", 10) // DE00 behind, letters as numbers
	rest := new(big.Int).Mod(n, big.NewInt(97)).Int64()
	return fmt.Sprintf("DE%02d%s", 98-rest, account)
}

func (m maker) host() string { return m.slug() + ".example.com" }
func (m maker) url() string  { return "https://example.com/" + m.slug() }
func (m maker) image() string {
	return "https://example.com/images/" + m.LoremIpsumWord() + ".png"
}
func (m maker) slug() string { return m.LoremIpsumWord() + "-" + m.LoremIpsumWord() }
func (m maker) ip() string   { return fmt.Sprintf("192.0.2.%d", m.Between(1, 254)) }
func (m maker) mac() string  { return "00:00:5e:00:53:" + m.hex()[:2] }

// sentence has no full stop within, so that cut texts still look like one.
func (m maker) sentence() string { return m.LoremIpsumSentence(m.Between(5, 9)) }

func (m maker) title() string {
	a, b := m.LoremIpsumWord(), m.LoremIpsumWord()
	return strings.ToUpper(a[:1]) + a[1:] + " " + b
}

func (m maker) hex() string   { return fmt.Sprintf("%016x%016x", m.Dice.Uint64(), m.Dice.Uint64()) }
func (m maker) token() string { return m.hex()[:24] }
func (m maker) code() string {
	return fmt.Sprintf("%c%c%c-%04d", 'A'+m.Dice.IntN(26), 'A'+m.Dice.IntN(26), 'A'+m.Dice.IntN(26), m.Dice.IntN(10000))
}

func (m maker) uuid() string {
	h := m.hex()
	return h[:8] + "-" + h[8:12] + "-4" + h[13:16] + "-" + string("89ab"[m.Dice.IntN(4)]) + h[17:20] + "-" + h[20:]
}

func (m maker) version() string {
	return fmt.Sprintf("%d.%d.%d", m.Between(1, 4), m.Dice.IntN(10), m.Dice.IntN(20))
}
func (m maker) color() string { return "#" + m.hex()[:6] }
func (m maker) price() string { return fmt.Sprintf("%d.%02d", m.Between(1, 199), m.Dice.IntN(100)) }
func (m maker) latitude() string {
	return fmt.Sprintf("%d.%04d", m.Between(36, 59), m.Dice.IntN(10000))
}
func (m maker) longitude() string {
	return fmt.Sprintf("%d.%04d", m.Between(0, 29), m.Dice.IntN(10000))
}

func (m maker) date() string {
	return fmt.Sprintf("%04d-%02d-%02d", m.Between(2023, 2025), m.Between(1, 12), m.Between(1, 28))
}

func (m maker) clock() string {
	return fmt.Sprintf("%02d:%02d:%02d", m.Dice.IntN(24), m.Dice.IntN(60), m.Dice.IntN(60))
}

func (m maker) time() string     { return m.clock() + "Z" }
func (m maker) dateTime() string { return m.date() + "T" + m.time() }
