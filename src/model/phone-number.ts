/** E.164 with its plus sign: no country code begins with 0. */
export const internationalPhone = /^\+[1-9][0-9]{4,14}$/;
