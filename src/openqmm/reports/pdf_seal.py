"""The installation's electronic seal on a PDF (PAdES): that the file was not changed since.

A seal is no person's signature; who signed the record is written in the file. It is added behind
the file as it was made, whose bytes stay as they are.

References
----------
ETSI EN 319 142-1, PAdES baseline signatures, levels B-B and B-T.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from io import BytesIO
from typing import Any

FIELD = "Seal"
REASON = "Sealed by the installation: the file was not changed since"

_VALID_DAYS = 3653
# Room for the signature, a chain of certificates and a time-stamp: a fixed size saves making the
# signature twice.
_BYTES = 16_384


@dataclass(frozen=True, slots=True)
class SealKey:
    """A private key and its certificate, with the chain after it, as PEM text."""

    key: bytes
    certificates: bytes

    @classmethod
    def make(cls, name: str, at: datetime) -> SealKey:
        """Return a new key with a certificate that it signed itself, good for ten years.

        Parameters
        ----------
        name : of the installation, as readers of a sealed file see it.
        at : when its time begins.
        """
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import rsa
        from cryptography.x509.oid import NameOID

        # RSA: a key on a curve would declare the file to be of PDF 2.0, which PDF/A-2 is not.
        key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"OpenQMM seal: {name}"[:64])])
        certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(at - timedelta(minutes=5))
            .not_valid_after(at + timedelta(days=_VALID_DAYS))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_signing_only(x509), critical=True)
            .sign(key, hashes.SHA256())
        )
        return cls(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            ),
            certificate.public_bytes(serialization.Encoding.PEM),
        )


def _signing_only(x509: Any) -> Any:
    names = (
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    none = dict.fromkeys(names, False)
    return x509.KeyUsage(digital_signature=True, content_commitment=True, **none)


class Sealer:
    """Seals files with one key; making it reads the key, which takes longer than sealing.

    `timestamps` is the address of a time-stamping authority (RFC 3161), empty for none: only then
    is anything called over the network.
    """

    def __init__(self, key: SealKey, timestamps: str = "") -> None:
        from pyhanko.sign import signers

        self._signer = _signer(key)
        self._metadata = signers.PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            subfilter=_pades(),
            reason=REASON,
        )
        self._timestamper = _timestamper(timestamps)

    def seal(self, pdf: bytes) -> bytes:
        """Return `pdf` with the seal added; its own bytes begin the sealed file."""
        from pyhanko.sign import fields, signers

        writer = _writer()(BytesIO(pdf))
        # A field that nothing is drawn in: what the seal means is written in the file, where
        # readers of any kind find it.
        unseen = fields.InvisSigSettings(set_print_flag=True, box_out_of_bounds=True)
        spec = fields.SigFieldSpec(FIELD, invis_sig_settings=unseen)
        signer = signers.PdfSigner(
            self._metadata, signer=self._signer, timestamper=self._timestamper, new_field_spec=spec
        )
        # The library runs an event loop, which a thread that has one running already refuses.
        with ThreadPoolExecutor(max_workers=1) as thread:
            made = thread.submit(signer.sign_pdf, writer, bytes_reserved=_BYTES).result()
        return bytes(made.getbuffer())


def _signer(key: SealKey) -> Any:
    from asn1crypto import keys, pem, x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
    from pyhanko.sign import signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    read = serialization.load_pem_private_key(key.key, password=None)

    class KeptKey(signers.SimpleSigner):
        """A signer that reads its key once: reading an RSA key takes longer than all else."""

        def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
            if digest_algorithm == "sha256" and isinstance(read, ec.EllipticCurvePrivateKey):
                return read.sign(data, ec.ECDSA(hashes.SHA256()))
            if digest_algorithm == "sha256" and isinstance(read, rsa.RSAPrivateKey):
                return read.sign(data, padding.PKCS1v15(), hashes.SHA256())
            return bytes(super().sign_raw(data, digest_algorithm))

    chain = [
        x509.Certificate.load(der) for _, _, der in pem.unarmor(key.certificates, multiple=True)
    ]
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple(chain)
    der = read.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return KeptKey(
        signing_cert=chain[0], signing_key=keys.PrivateKeyInfo.load(der), cert_registry=store
    )


@cache
def _writer() -> Any:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    class AddsOnly(IncrementalPdfFileWriter):
        """Leaves what the file says of itself alone: written anew, it might no longer meet the
        archival standard that it claims."""

        def _update_meta(self) -> None:
            pass

    return AddsOnly


def _pades() -> Any:
    from pyhanko.sign.fields import SigSeedSubFilter

    return SigSeedSubFilter.PADES


def _timestamper(address: str) -> Any:
    if not address:
        return None
    from pyhanko.sign.timestamps import HTTPTimeStamper

    return HTTPTimeStamper(address)
