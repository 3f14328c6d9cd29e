"""The region of a country, after the macro-regions of UN M49 (Antarctica has none)."""

from __future__ import annotations

from functools import cache

from openqmm.core.registry.identity import country_code

_COUNTRIES = {
    "africa": """
DZA AGO BEN BWA BFA BDI CPV CMR CAF TCD COM COG COD CIV DJI EGY GNQ ERI SWZ ETH GAB GMB GHA GIN
GNB KEN LSO LBR LBY MDG MWI MLI MRT MUS MYT MAR MOZ NAM NER NGA REU RWA SHN STP SEN SYC SLE SOM
ZAF SSD SDN TZA TGO TUN UGA ESH ZMB ZWE IOT ATF
""",
    "americas": """
AIA ATG ARG ABW BHS BRB BLZ BMU BOL BES BRA VGB CAN CYM CHL COL CRI CUB CUW DMA DOM ECU SLV FLK
GUF GRL GRD GLP GTM GUY HTI HND JAM MTQ MEX MSR NIC PAN PRY PER PRI BLM KNA LCA MAF SPM VCT SXM
SUR TTO TCA USA VIR URY VEN BVT SGS
""",
    "asia": """
AFG ARM AZE BHR BGD BTN BRN KHM CHN CYP GEO HKG IND IDN IRN IRQ ISR JPN JOR KAZ KWT KGZ LAO LBN
MAC MYS MDV MNG MMR NPL PRK OMN PAK PSE PHL QAT KOR SAU SGP LKA SYR TWN TJK THA TLS TUR TKM ARE
UZB VNM YEM
""",
    "europe": """
ALA ALB AND AUT BLR BEL BIH BGR HRV CZE DNK EST FRO FIN FRA DEU GIB GRC GGY VAT HUN ISL IRL IMN
ITA JEY LVA LIE LTU LUX MLT MDA MCO MNE NLD MKD NOR POL PRT ROU RUS SMR SRB SVK SVN ESP SJM SWE
CHE UKR GBR
""",
    "oceania": """
ASM AUS CXR CCK COK FJI PYF GUM HMD KIR MHL FSM NRU NCL NZL NIU NFK MNP PLW PNG PCN WSM SLB TKL
TON TUV UMI VUT WLF
""",
}


def region_of(country: str | None) -> str | None:
    """Return the region of a country given as alpha-2, alpha-3 or name; None where it is unknown.

    References
    ----------
    United Nations Statistics Division, Standard Country or Area Codes for Statistical Use (M49);
    Taiwan, which it does not list apart, is counted to Asia.
    """
    return _region_by_code().get(country_code(country) or "")


@cache
def _region_by_code() -> dict[str, str]:
    return {code: region for region, codes in _COUNTRIES.items() for code in codes.split()}
