// CMS by PKI.js: what mcprofile's tests compare it with.
//
//   node cms.js verify ROOT < message        the content, if the one signature and its chain hold
//   node cms.js sign KIND CERT KEY [CHAIN] < content
//                                            KIND: rsa, pss, ec; with "-bare" after it no attributes
//   node cms.js decrypt CERT KEY < envelope
//   node cms.js encrypt CERT... < content
//
// Certificates are PEM, keys PKCS #8 in PEM, messages DER or BER.  Anything
// that does not hold is said on standard error, with exit status 1.
"use strict";
const crypto = require("node:crypto");
const { readFileSync } = require("node:fs");
const asn1js = require("asn1js");
const pkijs = require("pkijs");

const { webcrypto } = crypto;

// Web Crypto has no RSAES-PKCS1-v1_5, which is what devices use; node has, but
// decrypts with it only where its OpenSSL was built for that: the padding is
// taken off here.
const isV15 = (algorithm) => algorithm.name === "RSAES-PKCS1-v1_5";

class Engine extends pkijs.CryptoEngine {
	async importKey(format, data, algorithm, ...rest) {
		if (!isV15(algorithm)) return super.importKey(format, data, algorithm, ...rest);
		const input = { key: Buffer.from(data), format: "der", type: format };
		return { algorithm, key: format === "spki" ? crypto.createPublicKey(input) : crypto.createPrivateKey(input) };
	}

	async encrypt(algorithm, key, data) {
		if (!isV15(algorithm)) return super.encrypt(algorithm, key, data);
		const padding = crypto.constants.RSA_PKCS1_PADDING;
		return Uint8Array.from(crypto.publicEncrypt({ key: key.key, padding }, Buffer.from(data))).buffer;
	}

	async decrypt(algorithm, key, data) {
		if (!isV15(algorithm)) return super.decrypt(algorithm, key, data);
		const padding = crypto.constants.RSA_NO_PADDING;
		const block = crypto.privateDecrypt({ key: key.key, padding }, Buffer.from(data));
		const end = block.indexOf(0, 2);
		if (block[0] !== 0 || block[1] !== 2 || end < 10) throw new Error("no PKCS #1 padding");
		return Uint8Array.from(block.subarray(end + 1)).buffer;
	}
}

pkijs.setEngine("node", new Engine({ name: "node", crypto: webcrypto }));

const KINDS = {
	rsa: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
	pss: { name: "RSA-PSS", hash: "SHA-256" },
	ec: { name: "ECDSA", namedCurve: "P-256" },
};

function pem(path) {
	const blocks = readFileSync(path, "latin1").match(/-----BEGIN [^-]+-----[^-]+-----END/g) || [];
	return blocks.map((b) => Buffer.from(b.replace(/-----[^-]+-----|-----END/g, ""), "base64"));
}

const certificates = (path) => pem(path).map((der) => pkijs.Certificate.fromBER(der));

// A message's content, which has to be of this type.
function content(bytes, type) {
	const info = pkijs.ContentInfo.fromBER(bytes);
	if (info.contentType !== type) throw new Error(`content type ${info.contentType}`);
	return info.content;
}

function write(type, schema) {
	const info = new pkijs.ContentInfo({ contentType: type, content: schema });
	process.stdout.write(Buffer.from(info.toSchema().toBER()));
}

async function verify(input, root) {
	const signed = new pkijs.SignedData({ schema: content(input, pkijs.id_ContentType_SignedData) });
	if (signed.signerInfos.length !== 1) throw new Error(`${signed.signerInfos.length} signers`);
	const verdict = await signed.verify({ signer: 0, trustedCerts: certificates(root), checkChain: true, extendedMode: true });
	if (!verdict.signatureVerified || !verdict.signerCertificateVerified) throw new Error(verdict.message);
	process.stdout.write(Buffer.from(signed.encapContentInfo.eContent.getValue()));
}

// contentType, messageDigest and signingTime.
async function attributes(input) {
	const digest = await webcrypto.subtle.digest("SHA-256", input);
	const attribute = (type, value) => new pkijs.Attribute({ type, values: [value] });
	return new pkijs.SignedAndUnsignedAttributes({
		type: 0,
		attributes: [
			attribute("1.2.840.113549.1.9.3", new asn1js.ObjectIdentifier({ value: pkijs.id_ContentType_Data })),
			attribute("1.2.840.113549.1.9.5", new asn1js.UTCTime({ valueDate: new Date() })),
			attribute("1.2.840.113549.1.9.4", new asn1js.OctetString({ valueHex: digest })),
		],
	});
}

async function sign(input, kind, cert, key, chain) {
	const [name, bare] = kind.split("-");
	const [signer] = certificates(cert);
	const imported = await webcrypto.subtle.importKey("pkcs8", pem(key)[0], KINDS[name], false, ["sign"]);
	const signed = new pkijs.SignedData({
		version: 1,
		encapContentInfo: new pkijs.EncapsulatedContentInfo({
			eContentType: pkijs.id_ContentType_Data,
			eContent: new asn1js.OctetString({ valueHex: input }),
		}),
		signerInfos: [new pkijs.SignerInfo({
			version: 1,
			sid: new pkijs.IssuerAndSerialNumber({ issuer: signer.issuer, serialNumber: signer.serialNumber }),
			...(bare ? {} : { signedAttrs: await attributes(input) }),
		})],
		certificates: [signer, ...(chain ? certificates(chain) : [])],
	});
	await signed.sign(imported, 0, "SHA-256", input);
	write(pkijs.id_ContentType_SignedData, signed.toSchema(true));
}

async function decrypt(input, cert, key) {
	const envelope = new pkijs.EnvelopedData({ schema: content(input, pkijs.id_ContentType_EnvelopedData) });
	const [recipient] = certificates(cert);
	for (let i = 0; i < envelope.recipientInfos.length; i++) {
		const { rid } = envelope.recipientInfos[i].value;
		if (!rid.issuer.isEqual(recipient.issuer) || !rid.serialNumber.isEqual(recipient.serialNumber)) continue;
		const plain = await envelope.decrypt(i, { recipientCertificate: recipient, recipientPrivateKey: pem(key)[0] });
		process.stdout.write(Buffer.from(plain));
		return;
	}
	throw new Error("not for this recipient");
}

async function encrypt(input, ...certs) {
	const envelope = new pkijs.EnvelopedData();
	// The padding of RSA is v1.5: what every device reads.
	for (const path of certs) envelope.addRecipientByCertificate(certificates(path)[0], { useOAEP: false });
	await envelope.encrypt({ name: "AES-CBC", length: 256 }, input);
	write(pkijs.id_ContentType_EnvelopedData, envelope.toSchema());
}

const [verb, ...rest] = process.argv.slice(2);
const bytes = readFileSync(0);
const input = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
({ verify, sign, decrypt, encrypt })[verb](input, ...rest).catch((error) => {
	console.error(`cms.js: ${error.message || error}`);
	process.exitCode = 1;
});
